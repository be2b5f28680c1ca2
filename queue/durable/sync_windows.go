package durable

// SyncDir does nothing: Windows can't sync a folder, and NTFS logs its metadata.
func SyncDir(string) error { return nil }

package config

// ParseOn parses as on a PC with the given system and %ProgramData%.
func ParseOn(goos, programData string, doc []byte) (*Config, error) {
	return parse(doc, host{goos: goos, programData: programData})
}

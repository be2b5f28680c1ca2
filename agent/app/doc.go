// Package app builds the agent from a configuration and runs it: watcher, intake, queue, uploader and the way in for
// commands, started and stopped in one place.
//
// It guarantees the order: the queue is opened first and closed last; when one component ends with an error all
// others end; the worker may be killed at any moment, since everything that counts is in the queue. An agent that
// isn't enrolled yet collects all the same and delivers once it is.
//
// Tests start the same App as production does, with other folders.
//
//	export folders ─▶ watch ─▶ intake ─▶ queue ─▶ uploader ─▶ client ─▶ warehouse
//	                                       ▲
//	          commands at the station ─▶ status
package app

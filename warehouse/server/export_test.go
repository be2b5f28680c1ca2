package server

import (
	"encoding/json"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

// Routes are the operations the server has, as "METHOD path".
func Routes() []string {
	var list []string
	for _, rt := range (&Server{}).routes() {
		list = append(list, rt.method+" "+rt.path)
	}
	return list
}

// Check is what decides on one event of a batch.
func (s *Server) Check(a store.Agent, raw json.RawMessage) (*wire.Event, wire.Result, error) {
	return s.check(a, raw)
}

// Unpack takes a body apart.
func Unpack(codec *wire.Codec, encoding string, body []byte) ([]json.RawMessage, error) {
	return unpack(codec, encoding, body)
}

package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tramsync/sync/wire"
	"tramsync/warehouse/server"
	"tramsync/warehouse/store"
)

func FuzzServer_Check(f *testing.F) {
	plain := wire.NewEvent("99001", "v20", "V20", "tiem_chung", testTime(),
		wire.Data{Key: []string{"1"}, Row: map[string]string{"HO_TEN": "A"}})
	text, err := plain.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	good, err := wire.StampJSON(text, wire.Stamp{Epoch: 1, Sequence: 1})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(good), string(text), strings.ReplaceAll(string(good), "99001", "99002"),
		`{"id":"x","data":{"documents":[{}]}}`, `{"id":7}`, `null`, `{`} {
		f.Add([]byte(seed))
	}
	srv := &server.Server{Config: server.Config{Screener: screener{}}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, result, err := srv.Check(store.Agent{Station: "99001"}, raw)
		switch {
		case err != nil:
			if e != nil {
				t.Error("an error and an event")
			}
		case e != nil:
			if e.Validate() != nil || e.Station() != "99001" || e.Epoch < 1 || int64(e.Sequence) < 1 {
				t.Errorf("accepted %s", raw)
			}
		case result.Status != wire.Rejected || result.Code == "" || result.ID == "" || result.Message == "":
			t.Errorf("result %+v", result)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	codec, err := wire.NewCodec(wire.MaxBatchBytes)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("zstd", codec.Compress([]byte(`[{"id":"x"}]`)))
	f.Add("", []byte(`[1,{}]`))
	f.Add("identity", []byte(`null`))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		list, err := server.Unpack(codec, encoding, body)
		if err != nil {
			return
		}
		if list == nil || len(list) > wire.MaxBatchRecords {
			t.Errorf("a batch of %d", len(list))
		}
		for _, raw := range list {
			if !json.Valid(raw) {
				t.Errorf("not JSON: %s", raw)
			}
		}
	})
}

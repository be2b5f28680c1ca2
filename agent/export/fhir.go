package export

import (
	"bytes"
	"encoding/json"
	"strings"

	"tramsync/sync/wire"
)

// fhirHead is what is looked for in a FHIR resource: its identifiers and, in a bundle, those of organisations.
type fhirHead struct {
	ResourceType string    `json:"resourceType"`
	ID           string    `json:"id"`
	Identifier   instances `json:"identifier"`
	Entry        []struct {
		Resource struct {
			ResourceType string    `json:"resourceType"`
			Identifier   instances `json:"identifier"`
		} `json:"resource"`
	} `json:"entry"`
}

func (b *fhirHead) organizations() []instance {
	var out []instance
	for _, e := range b.Entry {
		if e.Resource.ResourceType == "Organization" {
			out = append(out, e.Resource.Identifier...)
		}
	}
	return out
}

// instances are one identifier, as bundles have it, or a list of them, as other resources do.
type instances []instance

// UnmarshalJSON reads either form; what is neither is nothing.
func (i *instances) UnmarshalJSON(b []byte) error {
	var one instance
	if json.Unmarshal(b, (*[]instance)(i)) != nil && json.Unmarshal(b, &one) == nil {
		*i = instances{one}
	}
	return nil
}

// fhirJSON reads the first resource of a text. Where several follow one another, none of them is what the file is known
// by.
func fhirJSON(text []byte) fhirHead {
	var b fhirHead
	dec := json.NewDecoder(bytes.NewReader(text))
	// An error is about the JSON, which wire.ParseTable finds, or a member of another type than FHIR's: the others are
	// filled in all the same.
	_ = dec.Decode(&b)
	if dec.More() {
		b.ID, b.Identifier = "", nil
	}
	return b
}

// fhirPapers knows a bundle by its identifier, which is the document's. Other resources' identifiers are those of what
// they are about, say a patient: only id is their own.
func fhirPapers(b *fhirHead, organizations []instance) papers {
	p := papers{typ: wire.DocFHIR, kind: wire.KindFHIR, standard: "fhir", facility: oneFacility(organizations)}
	if b.ResourceType == "Bundle" && len(b.Identifier) > 0 {
		p.id = b.Identifier[0].key()
	}
	if id := strings.TrimSpace(b.ID); len(p.id) == 0 && id != "" {
		p.id = []string{b.ResourceType, id}
	}
	return p
}

// fhirXML is fhirHead in XML.
type fhirXML struct {
	ID            fhirValue        `xml:"id"`
	Identifier    []fhirIdentifier `xml:"identifier"`
	Organizations []fhirIdentifier `xml:"entry>resource>Organization>identifier"`
}

type fhirIdentifier struct {
	System fhirValue `xml:"system"`
	Value  fhirValue `xml:"value"`
}

type fhirValue struct {
	Value string `xml:"value,attr"`
}

func (x *fhirXML) papers(resourceType string) papers {
	b := fhirHead{ResourceType: resourceType, ID: x.ID.Value, Identifier: instancesOf(x.Identifier)}
	return fhirPapers(&b, instancesOf(x.Organizations))
}

func instancesOf(list []fhirIdentifier) []instance {
	var out []instance
	for _, i := range list {
		out = append(out, instance{System: i.System.Value, Value: i.Value.Value})
	}
	return out
}

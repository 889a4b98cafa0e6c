package golden

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var colour = regexp.MustCompile(`(fill|stroke):#[0-9A-F]{6}`)

// SVGSummary returns the content of a picture without its layout: the title and description, the
// texts in their order, and the number of shapes of each colour. It fails the test if the picture
// is not well-formed XML.
func SVGSummary(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	shapes := map[string]int{}
	decoder := xml.NewDecoder(strings.NewReader(text))
	inside := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the picture is not XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local
			for _, a := range token.Attr {
				if a.Name.Local == "style" && inside == "path" {
					shapes[strings.Join(colour.FindAllString(a.Value, -1), " ")]++
				}
			}
		case xml.CharData:
			if slices.Contains([]string{"title", "desc", "text"}, inside) {
				fmt.Fprintf(&out, "%s: %s\n", inside, token)
			}
		case xml.EndElement:
			inside = ""
		}
	}
	for _, style := range slices.Sorted(maps.Keys(shapes)) {
		fmt.Fprintf(&out, "%d shapes of %s\n", shapes[style], style)
	}
	return out.String()
}

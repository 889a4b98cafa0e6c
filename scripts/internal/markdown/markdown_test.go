package markdown

import (
	"strings"
	"testing"
)

func TestACellIsShownAsItIs(t *testing.T) {
	var text strings.Builder
	WriteRow(&text, []string{"a|b", "*c_d*", "<e>", "`f` ~g~ \\"})
	const want = "| a\\|b | \\*c\\_d\\* | &lt;e> | \\`f\\` \\~g\\~ \\\\ |\n"
	if text.String() != want {
		t.Errorf("got %s, want %s", &text, want)
	}
}

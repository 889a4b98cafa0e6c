package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// browsers are the names under which Chromium is installed.
var browsers = []string{
	"chromium", "chromium-browser", "chromium-headless-shell", "google-chrome",
	"google-chrome-stable",
}

// findBrowser returns the path of Chromium. It skips the test if there is none.
func findBrowser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("needs Chromium: none of %s is installed", strings.Join(browsers, ", "))
	return ""
}

// site serves pages to a browser, and is the proxy for all other addresses. It records what the
// browser asks for.
type site struct {
	*httptest.Server
	browser string
	pages   map[string]string

	mu    sync.Mutex
	asked []string // paths of the site, or whole addresses of others
}

func newSite(t *testing.T, pages map[string]string) *site {
	t.Helper()
	s := &site{browser: findBrowser(t), pages: pages}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.String())
		s.mu.Unlock()
		text, ok := s.pages[r.URL.String()]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, text)
	}))
	t.Cleanup(s.Close)
	return s
}

// open opens a page of the site and returns its DOM, once all is loaded, and what the browser says
// of it.
func (s *site) open(t *testing.T, path string, arguments ...string) (dom, messages string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := append([]string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--enable-logging=stderr",
		"--user-data-dir=" + t.TempDir(), "--proxy-server=" + s.URL, "--dump-dom",
	}, arguments...)
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium has none for root
	}
	cmd := exec.CommandContext(ctx, s.browser, append(args, s.URL+path)...)
	cmd.WaitDelay = 5 * time.Second
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", s.browser, err, &stderr)
	}
	return string(out), stderr.String()
}

// others returns what the browser asked for beside some paths. It asks for an icon of each site by
// itself.
func (s *site) others(paths ...string) (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, address := range s.asked {
		if !slices.Contains(append(paths, "/favicon.ico"), address) {
			all = append(all, address)
		}
	}
	return all
}

func TestABrowserShowsAllSectionsAndAsksForNothingElse(t *testing.T) {
	const path = "/report.html"
	s := newSite(t, map[string]string{
		path: newHTML(t, copied(t, "../../results/timeline.txt")),
	})
	dom, messages := s.open(t, path)
	if !strings.Contains(dom, "<title>busybench: timeline</title>") {
		t.Error("it has another title")
	}
	for _, id := range append(always, "timeline") {
		if n := strings.Count(dom, `<section id="`+id+`">`); n != 1 {
			t.Errorf("%d sections %s", n, id)
		}
	}
	if strings.Contains(messages, "CONSOLE") {
		t.Errorf("the browser complains: %s", messages)
	}
	if others := s.others(path); others != nil {
		t.Errorf("it asks for %q", others)
	}
}

// The test above would fail if the page had an address of another site, or of this one.
func TestABrowserAsksForWhatAPageNeeds(t *testing.T) {
	const path = "/page.html"
	s := newSite(t, map[string]string{
		path: `<!DOCTYPE html><title>x</title><img src="b.png">` +
			`<img src="http://elsewhere.example/a.png">`,
	})
	s.open(t, path)
	others := s.others(path)
	for _, want := range []string{"http://elsewhere.example/a.png", "/b.png"} {
		if !slices.Contains(others, want) {
			t.Errorf("it asks for %q, want %s", others, want)
		}
	}
}

// frame shows a page in the width of a phone, and writes both widths of the page into its title.
const frame = `<!DOCTYPE html><title></title>
<iframe src="%s" style="width:343px;height:800px;border:0"></iframe>
<script>
addEventListener("load", () => {
  const page = document.querySelector("iframe").contentDocument.documentElement
  document.title = page.scrollWidth + " of " + page.clientWidth
})
</script>`

func TestNothingIsWiderThanAPhone(t *testing.T) {
	const tooWide = `<!DOCTYPE html><title>x</title><div style="width:344px">x</div>`
	names := []string{"timeline", "default", "limit", "open", "faults"}
	pages := map[string]string{
		"/wide.html": tooWide, "/frame/wide.html": fmt.Sprintf(frame, "/wide.html"),
	}
	for _, name := range names {
		path := "/" + name + ".html"
		pages[path] = newHTML(t, copied(t, "../../results/"+name+".txt"))
		pages["/frame"+path] = fmt.Sprintf(frame, path)
	}
	s := newSite(t, pages)
	for _, name := range append(names, "wide") {
		t.Run(name, func(t *testing.T) {
			dom, _ := s.open(t, "/frame/"+name+".html")
			var width, shown int
			_, title, _ := strings.Cut(dom, "<title>")
			if _, err := fmt.Sscanf(title, "%d of %d", &width, &shown); err != nil {
				t.Fatalf("%v in %s", err, dom)
			}
			if isWider := width > shown; shown > 343 || isWider != (name == "wide") {
				t.Errorf("%d pixels are shown of %d", shown, width)
			}
		})
	}
}

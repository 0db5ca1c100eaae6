package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What others copy into their CI runs: the shell of the action, of the GitLab job and of the pre-commit hook, on the leaky example.

const leaky = "examples/leaky"

func TestAction(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Steps []struct {
				ID, Run string
				Dir     string `yaml:"working-directory"`
				Env     map[string]string
			}
		}
	}
	root := repository(t)
	unmarshal(t, read(t, filepath.Join(root, "action.yml")), &action)
	temp := t.TempDir()
	sarif, err := filepath.Rel(root, filepath.Join(temp, "airlockvet.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{"runner.temp": temp, "github.workspace": root}
	for name, input := range action.Inputs {
		values["inputs."+name] = input.Default
	}
	values["inputs.version"], values["inputs.working-directory"], values["inputs.sarif"] = "local", leaky, sarif

	paths, outputs := filepath.Join(temp, "paths"), filepath.Join(temp, "outputs")
	env := []string{"RUNNER_TEMP=" + temp, "GITHUB_WORKSPACE=" + root, "GITHUB_PATH=" + paths, "GITHUB_OUTPUT=" + outputs}
	said, code := "", 0
	for _, step := range action.Runs.Steps {
		if step.Run == "" {
			continue
		}
		stepEnv := append(env, "PATH="+strings.ReplaceAll(existing(paths), "\n", ":")+os.Getenv("PATH"))
		for name, value := range step.Env {
			stepEnv = append(stepEnv, name+"="+expand(t, value, values))
		}
		var out string
		out, code = shell(t, filepath.Join(root, expand(t, step.Dir, values)), stepEnv, step.Run)
		said += out
		for line := range strings.Lines(existing(outputs)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			values["steps."+step.ID+".outputs."+name] = value
		}
	}
	if code != 3 {
		t.Errorf("the action ends with %d, want 3:\n%s", code, said)
	}
	if !strings.Contains(said, "::error file="+leaky+"/orders/order.go,") {
		t.Errorf("the action annotates no file by its name in the repository:\n%s", said)
	}
	if log := read(t, filepath.Join(temp, "airlockvet.sarif")); !bytes.Contains(log, []byte(`"`+leaky+`/orders/order.go"`)) {
		t.Errorf("the SARIF log names no file as the repository does:\n%s", log)
	}
}

func TestGitLabJob(t *testing.T) {
	var job struct {
		Airlockvet struct {
			Script    []string
			Artifacts struct{ Reports map[string]string }
		}
	}
	root := repository(t)
	_, text, _ := strings.Cut(string(read(t, filepath.Join(root, "docs", "install.md"))), "## GitLab\n\n```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	unmarshal(t, []byte(text), &job)
	dir := copyOf(t, filepath.Join(root, leaky))
	script := strings.Join(job.Airlockvet.Script[1:], "\n") // the first installs
	if !strings.HasPrefix(job.Airlockvet.Script[0], "go install ") {
		t.Fatalf("the first line installs nothing: %s", job.Airlockvet.Script[0])
	}
	if out, code := shell(t, dir, withTool(t, "CI_PROJECT_DIR="+dir), script); code != 3 {
		t.Errorf("the job ends with %d, want 3:\n%s", code, out)
	}
	var issues []struct{ Location struct{ Path string } }
	if err := json.Unmarshal(read(t, filepath.Join(dir, job.Airlockvet.Artifacts.Reports["codequality"])), &issues); err != nil || len(issues) == 0 {
		t.Errorf("the report has %d issues: %v", len(issues), err)
	}
}

func TestPreCommitHook(t *testing.T) {
	var hooks []struct {
		Entry string
		Args  []string
	}
	root := repository(t)
	unmarshal(t, read(t, filepath.Join(root, ".pre-commit-hooks.yaml")), &hooks)
	out, code := shell(t, copyOf(t, filepath.Join(root, leaky)), withTool(t), hooks[0].Entry+" "+strings.Join(hooks[0].Args, " "))
	if code != 3 || !strings.Contains(out, "orders/order.go:") {
		t.Errorf("the hook ends with %d, want 3 and findings:\n%s", code, out)
	}
}

func repository(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// copyOf copies a module that nothing is to be written into.
func copyOf(t *testing.T, module string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "module")
	if err := os.CopyFS(dir, os.DirFS(module)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// withTool is an environment in which airlockvet is installed.
func withTool(t *testing.T, env ...string) []string {
	t.Helper()
	return append(env, "PATH="+filepath.Dir(buildTool(t))+":"+os.Getenv("PATH"), "AIRLOCKVET_CACHE="+t.TempDir())
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// existing returns what is in a file, nothing if it is not there.
func existing(file string) string {
	data, _ := os.ReadFile(file)
	return string(data)
}

func unmarshal(t *testing.T, text []byte, v any) {
	t.Helper()
	if err := yaml.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// expand replaces the expressions of a workflow.
func expand(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		name := expression.FindStringSubmatch(e)[1]
		value, ok := values[name]
		if !ok {
			t.Errorf("nothing is known of %s", name)
		}
		return value
	})
}

// shell runs a script as a step of a workflow runs.
func shell(t *testing.T, dir string, env []string, script string) (out string, code int) {
	t.Helper()
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	text, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return string(text), exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return string(text), 0
}

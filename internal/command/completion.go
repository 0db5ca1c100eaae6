package command

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/airlock-go/airlock/internal/rule"
)

// completion prints a script that completes airlockvet's words in a shell.
func completion(ctx context.Context, inv invocation) error {
	set := newFlags()
	if err := parse(set, inv); err != nil {
		return err
	}
	script := completions.Lookup(set.Arg(0))
	if set.NArg() != 1 || script == nil {
		return fmt.Errorf("usage: airlockvet %s", inv.command.synopsis)
	}
	return script.Execute(inv.stdout, completeds(ctx))
}

// A completed is a subcommand as a shell completes it.
type completed struct{ Name, Flags, Words string }

// completeds lists what may follow each subcommand; the last, without a name, is the command without one.
func completeds(ctx context.Context) []completed {
	names := subcommandNames()
	var topics []string
	for _, a := range suite() {
		topics = append(topics, a.Name)
	}
	for _, r := range rule.All {
		topics = append(topics, r.String())
	}
	words := map[string][]string{
		"":           slices.Concat(names, []string{"./..."}),
		"help":       slices.Concat(names, topics),
		"explain":    topics,
		"cache":      {"clean"},
		"completion": {"bash", "zsh", "fish"},
	}
	var all []completed
	for _, sub := range append(subcommands(), checking()) {
		all = append(all, completed{sub.name, strings.Join(flagsOf(ctx, sub), " "), strings.Join(words[sub.name], " ")})
	}
	return all
}

var flagInHelp = regexp.MustCompile(`(?m)^  (-\S+)`)

// flagsOf lists the flags that the help of a subcommand names.
func flagsOf(ctx context.Context, sub subcommand) []string {
	var text strings.Builder
	_ = sub.run(ctx, invocation{command: sub, args: []string{"-h"}, stdout: &text, stderr: io.Discard})
	var flags []string
	for _, match := range flagInHelp.FindAllStringSubmatch(text.String(), -1) {
		flags = append(flags, match[1])
	}
	return flags
}

var completions = template.Must(template.New("").Parse(`
{{define "bash"}}# source <(airlockvet completion bash)
_airlockvet() {
	local cur=${COMP_WORDS[COMP_CWORD]} flags words sub=${COMP_WORDS[1]}
	((COMP_CWORD == 1)) && sub=
	case $sub in
{{- range .}}
	{{or .Name "*"}}) flags="{{.Flags}}"{{if not .Name}} && [[ -z $sub ]] &&{{end}} words="{{.Words}}" ;;
{{- end}}
	esac
	[[ $cur == -* ]] && words=$flags
	[[ -z $sub ]] || ((COMP_CWORD == 2)) || [[ $cur == -* ]] || words=
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _airlockvet airlockvet
{{end}}
{{define "zsh"}}#compdef airlockvet
# airlockvet completion zsh > "${fpath[1]}/_airlockvet"
_airlockvet() {
	local flags terms sub=${words[2]}
	((CURRENT == 2)) && sub=
	case $sub in
{{- range .}}
	{{or .Name "*"}}) flags="{{.Flags}}"{{if not .Name}} && [[ -z $sub ]] &&{{end}} terms="{{.Words}}" ;;
{{- end}}
	esac
	if [[ ${words[CURRENT]} == -* ]]; then
		compadd -- ${=flags}
	elif ((CURRENT <= 3)) && [[ -n $terms ]] && compadd -- ${=terms}; then
		return
	else
		_files
	fi
}
if [[ $funcstack[1] == _airlockvet ]]; then _airlockvet "$@"; else compdef _airlockvet airlockvet; fi
{{end}}
{{define "fish"}}# airlockvet completion fish | source
{{range .}}
{{- if .Name}}{{$cond := printf "__fish_seen_subcommand_from %s" .Name}}
for word in {{.Words}}
	complete -c airlockvet -n '{{$cond}}' -a $word
end
for flag in {{.Flags}}
	complete -c airlockvet -n '{{$cond}}' -o (string sub -s 2 -- $flag)
end
{{- else}}
set -l subcommands {{.Words}}
complete -c airlockvet -n __fish_is_first_token -a "$subcommands"
for flag in {{.Flags}}
	complete -c airlockvet -n "not __fish_seen_subcommand_from $subcommands" -o (string sub -s 2 -- $flag)
end
{{end}}
{{- end}}{{end}}`))

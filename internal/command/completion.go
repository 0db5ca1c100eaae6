package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/airlock-go/airlock/internal/rule"
)

// completion prints a script that completes airlockvet's words in a shell.
func completion(_ context.Context, inv invocation) error {
	scripts := map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	set := newFlags()
	if err := parse(set, inv); err != nil {
		return err
	}
	script := scripts[set.Arg(0)]
	if set.NArg() != 1 || script == "" {
		return fmt.Errorf("usage: airlockvet %s", inv.command.synopsis)
	}
	_, err := fmt.Fprintf(inv.stdout, script, strings.Join(subcommandNames(), " "), strings.Join(flagNames(), " "), strings.Join(ruleNames(), " "))
	return err
}

func subcommandNames() []string {
	var names []string
	for _, sub := range subcommands() {
		names = append(names, sub.name)
	}
	return names
}

func ruleNames() []string {
	var names []string
	for _, r := range rule.All {
		names = append(names, r.String())
	}
	return names
}

func flagNames() []string {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	new(vetFlags).register(set)
	registerAnalyzers(set, suite())
	var names []string
	set.VisitAll(func(f *flag.Flag) { names = append(names, "-"+f.Name) })
	return names
}

const bashCompletion = `# source <(airlockvet completion bash)
_airlockvet() {
	local cur=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]}
	if [[ $first == explain || $first == help ]]; then
		COMPREPLY=($(compgen -W "%[3]s" -- "$cur"))
	elif [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "%[2]s" -- "$cur"))
	elif ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W "%[1]s ./..." -- "$cur") $(compgen -d -- "$cur"))
	else
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}
complete -o default -F _airlockvet airlockvet
`

const zshCompletion = `#compdef airlockvet
# airlockvet completion zsh > "${fpath[1]}/_airlockvet"
_airlockvet() {
	if [[ ${words[2]} == explain || ${words[2]} == help ]]; then
		compadd -- %[3]s
	elif [[ ${words[CURRENT]} == -* ]]; then
		compadd -- %[2]s
	elif ((CURRENT == 2)); then
		compadd -- %[1]s ./...
		_files
	else
		_files
	fi
}
_airlockvet "$@"
`

const fishCompletion = `# airlockvet completion fish | source
complete -c airlockvet -n '__fish_is_first_arg' -a '%[1]s ./...'
complete -c airlockvet -n '__fish_seen_subcommand_from explain help' -f -a '%[3]s'
for flag in %[2]s
	complete -c airlockvet -o (string sub -s 2 -- $flag)
end
`

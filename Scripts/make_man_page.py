#!/usr/bin/env python3
"""Write the man page: prose and examples by hand, options from the program's own declarations.

    Scripts/make_man_page.py PROGRAM [--check] [SOURCE] [PAGE]

PROGRAM is the built lacuna; it is asked what options it has. SOURCE (man/lacuna.1.in) is a man page
with blocks in it, whose lines start with @:

    @common             a few options that many commands have, those named by @option lines
    @options COMMAND    all options of a command; those of @common, and those that an earlier
                        command has word for word, are named in a line at its end
    @option --NAME      the roff lines after it are added to what the program says of that option
    @end

and @version@ in its first line. With --check nothing is written, and the status is 1 where PAGE
(man/lacuna.1) is not what would be. Only the standard library is used.
"""

import collections
import difflib
import json
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What the program appends to an option's text.
BRACKETS = re.compile(r" \((?:values: (?P<values>[^;)]*))?(?:; )?(?:default: (?P<default>.*))?\)$")


class Mistake(Exception):
    """What is wrong with the source, by file and line."""


def quoted(text):
    """Text for roff: dashes of options and files stay dashes, options are bold."""
    text = text.replace("\\", "\\e")
    text = re.sub(r"(?<![\w-])--[a-z][a-z-]*", lambda name: bold(name.group()), text)
    return re.sub(r"(?<![\w\\])-(?=\w)", r"\\-", text)


def bold(text):
    return "\\fB" + text.replace("-", "\\-") + "\\fR"


def filled(text):
    """Lines of a sensible length, none of which roff takes for a request."""
    lines = textwrap.wrap(text, 79, break_on_hyphens=False, break_long_words=False)
    return ["\\&" + line if line[0] in ".'" else line for line in lines]


class Entry:
    """What the program says of an option, a flag or an argument."""

    def __init__(self, argument):
        preferred = argument.get("preferredName", {}).get("name")
        self.kind = argument["kind"]
        self.name = f"--{preferred}" if preferred else argument["valueName"]
        names = [
            ("-" if name["kind"] == "short" else "--") + name["name"]
            for name in argument.get("names", [])
        ]
        self.names = sorted(names, key=len)
        self.value = argument["valueName"]
        self.repeats = argument.get("isRepeating", False)
        text = argument.get("abstract", "")
        brackets = BRACKETS.search(text)
        if brackets:
            text = text[: brackets.start()]
        found = brackets.groupdict() if brackets else {}
        self.text = text if text.endswith(".") else f"{text}."
        self.values = found.get("values") or ", ".join(argument.get("allValues", []))
        self.default = found.get("default") or argument.get("defaultValue") or ""

    def __eq__(self, other):
        return isinstance(other, Entry) and vars(self) == vars(other)

    def lines(self, note):
        """Its paragraph, with what is said of it by hand."""
        if self.kind == "positional":
            head = f".I {self.value}"
        elif self.kind == "flag":
            names = ' ", " '.join(name.replace("-", "\\-") for name in self.names)
            head = f".{'BR' if len(self.names) > 1 else 'B'} {names}"
        else:
            head = '.BI {} " {}"'.format(self.name.replace("-", "\\-"), self.value)
        lines = [".TP", head] + filled(quoted(self.text))
        words = self.values.split(", ")
        if not all(re.fullmatch("[a-z][a-z0-9-]*", word) for word in words):
            words = []
        if self.repeats and self.kind == "option" and "several times" not in self.text:
            lines += ["May be given several times."]
        if words:
            named = [bold(word) for word in words]
            values = ", ".join(named[:-1]) + " or " + named[-1]
        else:
            values = quoted(self.values)
        if values:
            lines += filled(f"Values: {values}.")
        if self.default:
            default = bold(self.default) if self.default in words else quoted(self.default)
            lines += filled(f"Default: {default}.")
        return lines + note


class Program:
    """The commands of a built program."""

    def __init__(self, path):
        def output(option):
            return subprocess.run([path, option], check=True, capture_output=True, text=True).stdout

        self.version = output("--version").strip()
        self.commands = {}
        root = json.loads(output("--experimental-dump-help"))["command"]
        # What every command has: its help, and the version.
        self.everywhere = [Entry(argument).name for argument in root["arguments"]]
        self.collect(root)

    def collect(self, command):
        below = [sub for sub in command.get("subcommands", []) if sub["commandName"] != "help"]
        for sub in below:
            self.collect(sub)
        if not below:
            words = command.get("superCommands", [])[1:] + [command["commandName"]]
            self.commands[" ".join(words)] = [Entry(each) for each in command["arguments"]]

    def common(self, name):
        """What most commands say of an option."""
        entries = [e for command in self.commands.values() for e in command if e.name == name]
        return max(entries, key=entries.count, default=None)


class Page:
    """The page while it is written."""

    def __init__(self, source, program):
        self.source = source
        self.program = program
        self.common = {}
        self.listed = {}  # the command by (name, entry) in the order of the page
        self.missing = dict.fromkeys(program.commands)

    def mistake(self, number, words):
        return Mistake(f"{self.source}:{number}: {words}")

    def text(self):
        lines = self.source.read_text(encoding="utf-8").splitlines()
        page = ['.\\" Written by Scripts/make_man_page.py from lacuna.1.in: change that, then make man.']
        block = None
        for number, line in enumerate(lines, 1):
            word, _, rest = line.partition(" ")
            if word in ("@common", "@options"):
                block, notes, name = (number, rest), {}, None
            elif word == "@option" and block:
                name = rest
                if name in notes:
                    raise self.mistake(number, f"{name} stands here twice")
                notes[name] = (number, [])
            elif word == "@end" and block:
                page += self.options(*block, notes) if block[1] else self.commons(notes)
                block = None
            elif block and name and not line.startswith("@"):
                notes[name][1].append(line)
            elif block or line.startswith("@"):
                raise self.mistake(number, f"'{line}' makes no sense here")
            else:
                page.append(line.replace("@version@", self.program.version))
        if self.missing:
            raise Mistake(f"{self.source}: has no @options {', '.join(self.missing)}")
        return "\n".join(self.narrow(page)) + "\n"

    @staticmethod
    def narrow(lines):
        """The lines, text broken where it is long, but for examples."""
        is_filled = True
        for line in lines:
            is_filled = (is_filled or line == ".fi") and line != ".nf"
            yield from filled(line) if is_filled and line[:1] not in ("", ".") else [line]

    def commons(self, notes):
        lines = []
        for name, (number, note) in notes.items():
            entry = self.program.common(name)
            if entry is None:
                raise self.mistake(number, f"no command has {name}")
            self.common[name] = entry
            lines += entry.lines(note)
        return lines

    def options(self, number, command, notes):
        if command not in self.missing:
            raise self.mistake(number, f"there is no '{command}', or it stands here twice")
        del self.missing[command]
        entries = self.program.commands[command]
        for name, (place, _) in notes.items():
            if name not in [entry.name for entry in entries]:
                raise self.mistake(place, f"lacuna {command} has no {name}")
        lines, same = [], collections.defaultdict(list)
        for entry in entries:
            earlier = [c for c, known in self.listed.items() if entry in known]
            if entry.name in self.program.everywhere:
                continue
            if entry.name in notes:
                lines += entry.lines(notes[entry.name][1])
            elif self.common.get(entry.name) == entry:
                same["Common options"].append(entry.name)
            elif earlier and entry.kind != "positional":
                same["As for " + bold(f"lacuna {earlier[0]}")].append(entry.name)
            else:
                lines += entry.lines([])
        self.listed[command] = entries
        for where in sorted(same, key=lambda key: key == "Common options"):
            lines += [".PP"] + filled(f"{where}: {', '.join(map(bold, same[where]))}.")
        return lines


def main(arguments):
    checks = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    if not 1 <= len(paths) <= 3:
        sys.exit(__doc__)
    source = pathlib.Path(paths[1]) if len(paths) > 1 else ROOT / "man/lacuna.1.in"
    page = pathlib.Path(paths[2]) if len(paths) > 2 else ROOT / "man/lacuna.1"
    try:
        text = Page(source, Program(paths[0])).text()
    except Mistake as mistake:
        sys.exit(str(mistake))
    if not checks:
        page.write_text(text, encoding="utf-8")
        return
    former = page.read_text(encoding="utf-8") if page.exists() else ""
    if former != text:
        sys.stdout.writelines(
            difflib.unified_diff(
                former.splitlines(True), text.splitlines(True), str(page), "what it should be"))
        sys.exit(f"{page}: is not what the program and {source.name} give; run 'make man'")


main(sys.argv[1:])

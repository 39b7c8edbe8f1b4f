"""The `begleiter` command; each subcommand is imported only when it is called, since some prepare the process first."""

from service.cli.lazy import LazyGroup

COMMANDS = {
    "serve": "service.cli.serve:serve",
    "check": "service.cli.check:check",
    "play": "service.cli.play:play",
    "graph": "service.cli.graph:graph",
    "coverage": "service.cli.coverage:coverage",
    "keys": "service.cli.keys:keys",
    "db": "service.cli.db:db",
    "import": "service.cli.imports:imports",
    "audit": "service.cli.audit:audit",
    "purge": "service.cli.purge:purge",
    "ropa": "service.cli.ropa:ropa",
    "models": "service.cli.models:models",
    "demo-data": "service.cli.demo:demo_data",
    "demo": "service.cli.demo:demo",
}
PLUGINS = "begleiter.commands"

main = LazyGroup(
    name="begleiter",
    commands_at=COMMANDS,
    plugins=PLUGINS,
    help="Guided selling for webshops: advice from questionnaires, and what belongs to it, under consent.\n\n"
    "Settings are read from BEGLEITER_* variables; the README lists them. A new shop begins with `begleiter db "
    "upgrade`, `begleiter check` and `begleiter serve`; to look around, use `begleiter demo`.",
)

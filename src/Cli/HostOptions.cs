using System.CommandLine;

namespace Kappa.Cli;

/// <summary>The options of every command that asks a running host.</summary>
internal sealed class HostOptions
{
    private readonly Option<string> _to = new("--to", "--url")
    {
        Description = "The host's address.",
        HelpName = "url",
        DefaultValueFactory = _ => KappaClient.DefaultAddress,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write JSON, one value a line." };

    public HostOptions(Command command)
    {
        command.Add(_to);
        command.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>True if the address was given, not left to the default.</summary>
    public bool IsToGiven(ParseResult parsed) => parsed.GetResult(_to) is { Implicit: false };

    public KappaClient Connect(ParseResult parsed) => new(parsed.GetValue(_to)!);
}

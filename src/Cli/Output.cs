namespace Kappa.Cli;

/// <summary>Where a command writes: results to the one, everything else to the other.</summary>
/// <param name="IsTerminal">True if somebody watches: progress bars and colours are for them only.</param>
internal sealed record Output(TextWriter Out, TextWriter Error, bool IsTerminal)
{
    public static Output OfConsole() => new(Console.Out, Console.Error, !Console.IsOutputRedirected && !Console.IsErrorRedirected);
}

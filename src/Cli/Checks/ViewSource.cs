using Kappa.Events;
using Kappa.Views;

namespace Kappa.Cli.Checks;

/// <summary>Where views come from: those that ship, or an assembly of the user's own.</summary>
/// <param name="Types">Their event types.</param>
/// <param name="Make">Makes new views at every call.</param>
internal sealed record ViewSource(EventTypes Types, Func<IReadOnlyList<View>> Make)
{
    public static ViewSource Shipped => new(ShippedViews.Events(), ShippedViews.All);

    /// <summary>What ships, or what is in the assembly that was named.</summary>
    public static ViewSource Of(string? assembly) => assembly is null ? Shipped : ViewAssembly.Load(assembly);

    /// <summary>Only the views with these names, if any are given.</summary>
    public ViewSource Only(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
            return this;
        var known = Make().Select(view => view.Name).ToHashSet();
        return names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new CliException(ExitCode.Usage, $"there is no view {unknown}; there are {string.Join(", ", known)}.")
            : this with { Make = () => [.. Make().Where(view => names.Contains(view.Name))] };
    }
}

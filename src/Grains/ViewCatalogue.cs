using Kappa.Events;
using Kappa.Views;

namespace Kappa.Grains;

/// <summary>The versions of views whose code this process has, and the events they are folded from. Immutable.</summary>
public sealed class ViewCatalogue
{
    private readonly Dictionary<(string, int), View> _views;

    /// <exception cref="InvalidOperationException">Two views have one name and version.</exception>
    public ViewCatalogue(EventTypes types, IEnumerable<View> views)
    {
        Types = types.Seal();
        _views = [];
        foreach (var view in views)
            if (!_views.TryAdd((view.Name, view.Version), view))
                throw new InvalidOperationException($"Two views are named {view.Name} v{view.Version}; raise the version of the newer one.");
        Names = [.. _views.Keys.Select(id => id.Item1).Distinct().Order(StringComparer.Ordinal)];
    }

    public EventTypes Types { get; }

    /// <summary>The names of all views, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>A version's code, or null if this process does not have it.</summary>
    public View? Find(string name, int version) => _views.GetValueOrDefault((name, version));

    /// <summary>The newest version whose code this process has.</summary>
    /// <exception cref="UnknownViewException">It has none.</exception>
    public View Newest(string name) => _views.Where(entry => entry.Key.Item1 == name).OrderByDescending(entry => entry.Key.Item2).Select(entry => entry.Value).FirstOrDefault()
        ?? throw new UnknownViewException(name);
}

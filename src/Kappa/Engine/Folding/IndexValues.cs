using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>The values by which an instance's lookups and ranks find it. Asking may throw what an author's selector throws.</summary>
internal static class IndexValues
{
    public static (string?[] Lookups, decimal?[] Ranks) Of<TState>(View<TState> view, TState? state) where TState : class, IViewState<TState>
    {
        var lookups = view.Lookups.Count == 0 ? [] : new string?[view.Lookups.Count];
        var ranks = view.Ranks.Count == 0 ? [] : new decimal?[view.Ranks.Count];
        if (state is not null)
        {
            for (var i = 0; i < lookups.Length; i++)
                lookups[i] = view.LookupValue(i, state);
            for (var i = 0; i < ranks.Length; i++)
                ranks[i] = view.RankValue(i, state);
        }
        return (lookups, ranks);
    }
}

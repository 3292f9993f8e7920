using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>The values by which an instance's lookups and ranks find it, one instance at a time in the same arrays. Not thread-safe.</summary>
internal sealed class IndexValues<TState>(View<TState> view) where TState : class, IViewState<TState>
{
    public string?[] Lookups { get; } = new string?[view.Lookups.Count];
    public decimal?[] Ranks { get; } = new decimal?[view.Ranks.Count];

    /// <summary>Asks for the values of a state; none of a deleted instance. May throw what an author's selector throws.</summary>
    public void Take(TState? state)
    {
        for (var i = 0; i < Lookups.Length; i++)
            Lookups[i] = state is null ? null : view.LookupValue(i, state);
        for (var i = 0; i < Ranks.Length; i++)
            Ranks[i] = state is null ? null : view.RankValue(i, state);
    }
}

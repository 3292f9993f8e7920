using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>
/// Runs views over recorded history and finds what would go wrong in an engine, without touching any store: code that
/// throws, states that cannot be stored or come back different, states that differ when folded again (by a new view, on
/// a machine of another culture), states that depend on how partitions interleave.
/// <para>Memory is bounded whatever the log's length: by <see cref="FoldCheckOptions.StateBytesMax"/> for states, and a
/// megabyte per partition for events. Each view costs three walks over the log, and
/// <see cref="FoldCheckOptions.Orders"/> more if it has instances that several partitions feed.</para>
/// </summary>
/// <example><code>Assert.True((await FoldCheck.RunAsync(log, types, () => [new FlightView()])).Clean);</code></example>
public static class FoldCheck
{
    /// <summary>Checks views against everything that is in the log now; what is appended meanwhile is left out.</summary>
    /// <param name="views">Makes the views. Called for every fold, so that what a view object remembers does not stay unseen.</param>
    /// <exception cref="InvalidOperationException">A view handles a record that is not registered.</exception>
    /// <exception cref="LogCorruptException">The log is damaged; it names the place.</exception>
    public static async Task<FoldCheckReport> RunAsync(ILogReader log, EventTypes types, Func<IEnumerable<View>> views,
        FoldCheckOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new FoldCheckOptions();
        options.Validate();
        types.Seal();
        var walk = new LogWalk(log);
        var checkedViews = new List<FoldCheckedView>();
        var all = views().ToList();
        for (var i = 0; i < all.Count; i++)
            checkedViews.Add(await all[i].Accept(new Checker(walk, types, i, views, options, cancellationToken)).ConfigureAwait(false));
        return new FoldCheckReport(walk.End, options.Seed, checkedViews);
    }

    private sealed class Checker(LogWalk walk, EventTypes types, int index, Func<IEnumerable<View>> views,
        FoldCheckOptions options, CancellationToken cancellationToken) : IViewVisitor<Task<FoldCheckedView>>
    {
        public Task<FoldCheckedView> Visit<TState>(View<TState> view) where TState : class, IViewState<TState> =>
            new FoldCheck<TState>(walk, types, () => (View<TState>)views().ElementAt(index), options).RunAsync(cancellationToken);
    }
}

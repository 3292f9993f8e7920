using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>Judges what a rebuild would cost, by routing a sample of the log as the rebuild would.</summary>
internal sealed class FoldEstimate(EngineContext context) : IViewVisitor<Task<RebuildEstimate>>
{
    private const int SampleBytes = 1 << 20;

    /// <summary>Folding and committing take about as long as reading, decoding and routing, which the sample measures.</summary>
    private const double FoldFactor = 2;

    public async Task<RebuildEstimate> Visit<TState>(View<TState> view) where TState : class, IViewState<TState>
    {
        var router = new ViewRouter<TState>(view, context.Types);
        var keys = default(RoutedKeys);
        LogSample.Take route = (in Events.RecordedEvent recorded) => router.Route(recorded, ref keys);
        // Once to warm up, for a first run is many times slower.
        await LogSample.ReadAsync(context.Log, SampleBytes / 4, route, CancellationToken.None).ConfigureAwait(false);
        var started = context.Time.GetTimestamp();
        var sample = await LogSample.ReadAsync(context.Log, SampleBytes, route, CancellationToken.None).ConfigureAwait(false);
        var took = context.Time.GetElapsedTime(started);
        var events = Enumerable.Range(0, context.Log.PartitionCount).Sum(p => context.Log.Next(p) - context.Log.First(p));
        var share = context.Pace.IsGentle ? context.Options.RebuildShare : 1;
        return new RebuildEstimate(view.Name, view.Version, events, (long)(events * sample.BytesPerEvent),
            sample.Events == 0 ? TimeSpan.Zero : took * FoldFactor * ((double)events / sample.Events) / share);
    }
}

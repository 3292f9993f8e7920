using Kappa.Events;
using Kappa.Grains.Indexes;
using Kappa.Grains.Instances;
using Kappa.Log;
using Kappa.Views;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Storage;

namespace Kappa.Grains.Hosting;

/// <summary>What the grains of a silo share. Thread-safe.</summary>
public sealed class GrainsContext
{
    private readonly Dictionary<Type, object> _routers = [];
    private readonly Lock _gate = new();

    public GrainsContext(ViewCatalogue catalogue, ILogReader log, GrainsOptions options, IServiceProvider services, IGrainFactory grains, TimeProvider time)
    {
        (Catalogue, LogReader, Options, Grains, Time) = (catalogue, log, options, grains, time);
        Storage = services.GetRequiredKeyedService<IGrainStorage>(GrainsOptions.Provider);
        Shards = new IndexShards(options);
        Outbox = new IndexOutbox(grains, Shards);
        Log = services.GetRequiredService<GrainsLog>();
        WriteBehind = services.GetRequiredService<WriteBehind>();
        Metrics = services.GetRequiredService<GrainsMetrics>();
    }

    internal ViewCatalogue Catalogue { get; }
    internal ILogReader LogReader { get; }
    internal GrainsOptions Options { get; }
    internal IGrainFactory Grains { get; }
    internal TimeProvider Time { get; }
    internal IGrainStorage Storage { get; }
    internal IndexShards Shards { get; }
    internal IndexOutbox Outbox { get; }
    internal GrainsLog Log { get; }
    internal WriteBehind WriteBehind { get; }
    internal GrainsMetrics Metrics { get; }

    /// <exception cref="InvalidOperationException">This silo does not have the code.</exception>
    internal View Code(string view, int version) => Catalogue.Find(view, version)
        ?? throw new InvalidOperationException($"This silo has no code for {view} v{version}: register the view where its grain class is registered.");

    internal (View<TState> View, ViewRouter<TState> Router) CodeOf<TState>(string view, int version) where TState : class, IViewState<TState>
    {
        var code = (View<TState>)Code(view, version);
        lock (_gate)
        {
            if (!_routers.TryGetValue(code.GetType(), out var router))
                _routers[code.GetType()] = router = new ViewRouter<TState>(code, Catalogue.Types);
            return (code, (ViewRouter<TState>)router);
        }
    }
}

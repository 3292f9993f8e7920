using System.Reflection;
using Kappa.Events;
using Kappa.Grains.Builds;
using Kappa.Grains.Instances;
using Kappa.Grains.Reading;
using Kappa.Grains.Streams;
using Kappa.Log;
using Kappa.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Streams;

namespace Kappa.Grains.Hosting;

/// <summary>Makes a silo, or a client of its cluster, one of the Orleans engine.</summary>
public static class GrainsHosting
{
    /// <summary>
    /// Adds the engine to a silo: grains, auditors, upkeep. What the silo must bring: an <see cref="ILogReader"/>, a grain storage and a stream provider
    /// both named <see cref="GrainsOptions.Provider"/>, and one class per view and version, marked with <see cref="ViewGrainAttribute"/>.
    /// </summary>
    public static ISiloBuilder AddKappaGrains(this ISiloBuilder silo, EventTypes types, IEnumerable<View> views, GrainsOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddKappaReading(types, views, options);
        silo.Services.AddSingleton<GrainsMetrics>();
        silo.Services.AddSingleton(services => new GrainsLog(services.GetRequiredService<ILoggerFactory>().CreateLogger("Kappa.Grains")));
        silo.Services.AddSingleton<WriteBehind>();
        silo.Services.AddHostedService(services => services.GetRequiredService<WriteBehind>());
        silo.Services.AddSingleton<GrainsContext>();
        silo.Services.AddSingleton<ViewVersions>();
        silo.Services.AddSingleton<FanOut>();
        silo.Services.AddKeyedSingleton<IStreamIdMapper, InstanceStreamMapper>(InstanceStreamMapper.Name);
        silo.Services.AddHostedService<ViewUpkeep>();
        // A grain class whose view this silo was not given must not be placed here.
        silo.Services.AddOptions<GrainTypeOptions>().PostConfigure<ViewCatalogue>((grains, catalogue) => grains.Classes.RemoveWhere(type =>
            type.GetCustomAttribute<ViewGrainAttribute>(inherit: false) is { } of && catalogue.Find(of.View, of.Version) is null));
        // One object for each type of grain: they differ in how they are placed.
        silo.Services.AddPlacementDirector<BesideViewPlacement, BesideViewDirector>(ServiceLifetime.Transient);
        return silo;
    }

    /// <summary>Adds what reads and watches views: to a silo, or to a client that has an <see cref="ILogReader"/> of its own.</summary>
    public static IServiceCollection AddKappaReading(this IServiceCollection services, EventTypes types, IEnumerable<View> views, GrainsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new ViewCatalogue(types, views));
        services.AddSingleton(options);
        services.AddSingleton<BuildDirectory>();
        services.AddSingleton(provider => new GrainViews(provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<ViewCatalogue>(),
            provider.GetRequiredService<BuildDirectory>(), provider.GetRequiredService<ILogReader>(), options, provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None));
        services.AddSingleton<IViews>(provider => provider.GetRequiredService<GrainViews>());
        services.AddSingleton<IRebuilds>(provider => new GrainRebuilds(provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<ViewCatalogue>(),
            provider.GetRequiredService<BuildDirectory>(), provider.GetRequiredService<GrainViews>(), provider.GetRequiredService<ILogReader>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Feeds the streams from a log that this process can read.</summary>
    public static ISiloBuilder AddLogStreams(this ISiloBuilder silo) => silo.AddPersistentStreams(GrainsOptions.Provider, LogStreams.Create, streams =>
    {
        streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
        streams.ConfigurePullingAgent(agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10)));
    });
}

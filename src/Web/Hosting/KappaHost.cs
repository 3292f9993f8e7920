using Kappa.Events;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Api;
using Kappa.Web.Dashboard;
using Kappa.Web.Demo;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kappa.Web.Hosting;

/// <summary>The embedded host: log, engine, API, hub and dashboard in one process.</summary>
public static class KappaHost
{
    /// <summary>Builds the host; nothing is opened and nobody listens until it starts.</summary>
    /// <param name="configure">Adds to the host or replaces parts of it before it is built; null for none.</param>
    /// <exception cref="SetupException">A setting is wrong.</exception>
    public static WebApplication Build(string[] args, EventTypes types, IReadOnlyList<View> views, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(DemoHosting.WithDemoSwitch(args));
        builder.AddKappaLogging();
        builder.AddKappaWeb();
        builder.Services.AddEmbeddedKappa(types, views);
        builder.Services.AddKappaTelemetry(builder.Configuration);
        builder.Services.AddKappaDashboard();
        builder.Services.AddKappaDemo(builder.Configuration);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseKappaWeb();
        app.MapKappaApi();
        app.MapKappaDashboard();
        return app;
    }

    /// <summary>Adds the embedded log and engine, behind the seams that API, hub and dashboard are written against.</summary>
    public static IServiceCollection AddEmbeddedKappa(this IServiceCollection services, EventTypes types, IReadOnlyList<View> views)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(types);
        services.AddSingleton<IEnumerable<View>>(views);
        services.AddEmbeddedLog();
        services.AddSingleton<EmbeddedKappa>();
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedKappa>());
        // Singletons, for a scope would close what it hands out.
        services.AddSingleton(provider => provider.GetRequiredService<EmbeddedKappa>().Views);
        services.AddSingleton(provider => provider.GetRequiredService<EmbeddedKappa>().Rebuilds);
        services.AddHostedService<StartLine>();
        return services;
    }

    /// <summary>Adds the file log and its capture, behind the seams that readers and writers are written against.</summary>
    public static IServiceCollection AddEmbeddedLog(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EmbeddedLog>();
        services.AddSingleton<ILogProblems>(provider => provider.GetRequiredService<EmbeddedLog>());
        services.AddSingleton(provider => provider.GetRequiredService<EmbeddedLog>().Reader);
        services.AddSingleton<ILogWriter>(provider => provider.GetRequiredService<EmbeddedLog>().Log);
        services.AddHostedService<CaptureService>();
        return services;
    }

    /// <summary>Opens the data, starts the host and listens.</summary>
    /// <exception cref="SetupException">The data cannot be opened, or an address not be listened on.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        app.Services.GetRequiredService<EmbeddedKappa>().Open();
        try
        {
            await app.StartAsync();
        }
        catch (IOException e)
        {
            throw new SetupException($"The host cannot listen. {e.Message} Choose another address with --urls.", e);
        }
    }
}

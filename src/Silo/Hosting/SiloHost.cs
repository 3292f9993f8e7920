using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.Storage;
using Kappa.Views;
using Kappa.Web.Api;
using Kappa.Web.Dashboard;
using Kappa.Web.Demo;
using Kappa.Web.Hosting;
using Microsoft.Extensions.Configuration.Memory;

namespace Kappa.Silo.Hosting;

/// <summary>The Orleans host: silos, API, hub and dashboard in one process, or each role in processes of its own.</summary>
public static class SiloHost
{
    /// <summary>Builds the host; nothing is opened and nobody listens until it starts.</summary>
    /// <param name="configure">Adds to the host or replaces parts of it before it is built; null for none.</param>
    /// <exception cref="SetupException">A setting is wrong.</exception>
    public static WebApplication Build(string[] args, EventTypes types, IReadOnlyList<View> views, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(DemoHosting.WithDemoSwitch(args));
        builder.AddKappaLogging();
        // Orleans tells much of what is of use to its own developers; as the first source, so that every other one has the last word.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Orleans", "Warning")] });
        var options = builder.AddKappaWeb<SiloSettings>();
        builder.Services.AddSingleton(options);
        if (options.Azure.HasEventHubs)
            builder.AddAzureEngine(options, types, views);
        else
            builder.AddLocalEngine(options, types, views);
        builder.Services.AddKappaTelemetry(builder.Configuration);
        builder.Services.AddKappaDashboard();
        builder.Services.AddKappaDemo(builder.Configuration);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseKappaWeb();
        if (options.IsWeb)
        {
            app.MapKappaApi();
            app.MapKappaDashboard();
        }
        else
            app.MapHealth();
        return app;
    }

    /// <summary>Opens the data, starts the host and listens.</summary>
    /// <exception cref="SetupException">The data cannot be opened, or an address not be listened on.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        app.Services.GetService<EmbeddedLog>()?.Open();
        if (app.Services.GetService<AzureLog>() is { } hub)
            await hub.OpenAsync();
        try
        {
            await app.StartAsync();
        }
        catch (IOException e)
        {
            throw new SetupException($"The host cannot listen. {e.Message} Choose another address with --urls.", e);
        }
    }

    /// <summary>One process, the file log, and silos that share it.</summary>
    private static void AddLocalEngine(this WebApplicationBuilder builder, SiloSettings options, EventTypes types, IReadOnlyList<View> views)
    {
        builder.Services.AddEmbeddedLog();
        builder.Services.AddSingleton(types);
        builder.Services.AddSingleton<IEnumerable<View>>(views);
        builder.Services.AddSingleton(services => OpenDocuments(services.GetRequiredService<EmbeddedLog>()));
        builder.UseOrleans(silo => LocalSilos.Configure(silo, options, types, views, services => services.GetRequiredService<DocumentFile>(), 0));
        builder.Services.AddHostedService(services => new LocalSilos(options, types, views, services.GetRequiredService<ILogReader>(),
            services.GetRequiredService<DocumentFile>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<StartLine>();
    }

    private static DocumentFile OpenDocuments(EmbeddedLog log)
    {
        DocumentFile? documents = null;
        EmbeddedLog.Guarded(log.Directory, () => documents = DocumentFile.Open(Path.Combine(log.Directory, "grains", log.Reader.LogId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture))));
        return documents!;
    }
}

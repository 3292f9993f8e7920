using Kappa.Web.Api;
using Kappa.Web.Http;
using Kappa.Web.Live;

namespace Kappa.Web.Hosting;

/// <summary>What every host with this API calls, whichever engine it runs.</summary>
public static class KappaWebHosting
{
    private const int HeaderBytesMax = 32 << 10;

    /// <summary>Reads and checks the settings below <c>Kappa:</c>, and adds what the API and the hub need besides an engine.</summary>
    /// <exception cref="SetupException">A setting is wrong or unknown, or an address lies beyond this machine without leave.</exception>
    public static KappaOptions AddKappaWeb(this WebApplicationBuilder builder) => builder.AddKappaWeb<KappaOptions>();

    /// <summary>The same for a host that has settings of its own besides.</summary>
    /// <exception cref="SetupException">A setting is wrong or unknown, or an address lies beyond this machine without leave.</exception>
    public static TOptions AddKappaWeb<TOptions>(this WebApplicationBuilder builder) where TOptions : KappaOptions, new()
    {
        var options = SettingsReader.Read<TOptions>(builder.Configuration);
        if (ListenAddresses.Of(builder.Configuration).Count == 0)
            builder.Configuration["urls"] = ListenAddresses.Default;
        ListenAddresses.RefuseBeyondLoopback(builder.Configuration, options);

        var services = builder.Services;
        services.AddSingleton<KappaOptions>(options);
        services.AddSingleton(new ForeignRequests.Rules(options.Cors.Origins, LocalNamesOnly: !options.Unsecured));
        services.AddSingleton(LimitsOf(options));
        services.AddSingleton<WatchPlaces>();
        services.AddSingleton<BodyPlaces>();
        services.AddSingleton<AuditPlaces>();
        services.AddSingleton<WatchApi>();
        services.AddSingleton<EventAppender>();
        services.AddOpenApi(OpenApiText.Describe);
        services.AddSignalR().AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new EnvelopeConverter()));
        if (options.Cors.Origins.Length > 0)
            services.AddCors(cors => cors.AddDefaultPolicy(policy =>
            {
                policy.WithOrigins(options.Cors.Origins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("ETag", "Retry-After");
                // The hub's client sends credentials unless told otherwise, which goes with named origins only.
                if (!options.Cors.Origins.Contains("*"))
                    policy.AllowCredentials();
            }));
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.Log.RequestBytesMax;
            server.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            server.Limits.MaxConcurrentConnections = options.Http.ConnectionsMax;
            server.Limits.MaxConcurrentUpgradedConnections = options.Http.ConnectionsMax;
        });
        return options;
    }

    /// <summary>The steps around every call, in their order; before any endpoint is mapped.</summary>
    public static void UseKappaWeb(this WebApplication app)
    {
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<ForeignRequests>();
        app.UseRawTarget();
        app.UseRouting();
        app.UseRawRouteValues();
        if (app.Services.GetRequiredService<KappaOptions>().Cors.Origins.Length > 0)
            app.UseCors();
        app.UseStrictQuery();
    }

    private static WebLimits LimitsOf(KappaOptions options) => new()
    {
        RequestBytesMax = options.Log.RequestBytesMax,
        RequestEventsMax = options.Log.RequestEventsMax,
        EventBytesMax = options.Log.EventBytesMax,
        UnknownTypes = options.Events.UnknownTypes,
        BodiesBytesMax = options.Http.BodiesBytesMax,
        BodyTimeMax = TimeSpan.FromSeconds(options.Http.BodySecondsMax),
        WatchersMax = options.Watch.WatchersMax,
    };
}

namespace Kappa.Web.Hosting;

/// <summary>Switches telemetry on.</summary>
internal static class TelemetryHosting
{
    public static IServiceCollection AddKappaTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ViewMetrics>();
        if (!string.IsNullOrEmpty(configuration[Telemetry.Variable]))
            services.AddHostedService<Telemetry>();
        return services;
    }
}

namespace Kappa.Web.Demo;

/// <summary>Switches the demo traffic on.</summary>
public static class DemoHosting
{
    public const string Setting = "Kappa:Demo";

    /// <summary>Turns the bare switch <c>--demo</c> into the setting <c>Kappa:Demo=true</c>; other arguments stay as they are.</summary>
    public static string[] WithDemoSwitch(string[] args) =>
        Array.ConvertAll(args, arg => arg == "--demo" ? $"--{Setting}=true" : arg);

    /// <summary>Appends live demo traffic for as long as the host runs, if <c>Kappa:Demo</c> is true; otherwise nothing.</summary>
    public static IServiceCollection AddKappaDemo(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.GetValue<bool>(Setting))
            services.AddHostedService<DemoTraffic>();
        return services;
    }
}

namespace Kappa.Web.Dashboard;

/// <summary>What a host calls to have the dashboard.</summary>
public static class DashboardHosting
{
    /// <summary>Needs <c>IViews</c>, <c>ILogReader</c> and <c>TimeProvider</c> among the services.</summary>
    public static IServiceCollection AddKappaDashboard(this IServiceCollection services) => services;

    /// <summary>Serves the dashboard at <c>/</c> and below <c>/dashboard</c>; nothing else.</summary>
    public static IEndpointRouteBuilder MapKappaDashboard(this IEndpointRouteBuilder endpoints) => endpoints;
}

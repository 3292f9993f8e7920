using Kappa.Web.Http;
using Kappa.Web.Live;

namespace Kappa.Web.Api;

/// <summary>The whole API, one call for each feature.</summary>
public static class KappaApi
{
    /// <summary>Maps the HTTP API, its OpenAPI document, and the hub. Needs what <c>AddKappaWeb</c> adds, and <c>IViews</c>, <c>IRebuilds</c>,
    /// <c>ILogReader</c>, <c>ILogWriter</c>, <c>EventTypes</c> and <c>ILogProblems</c> of whichever engine the host has.</summary>
    public static IEndpointRouteBuilder MapKappaApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("").WithStrictQuery();
        api.MapEvents();
        api.MapViews();
        api.MapLookups();
        api.MapHistory();
        api.MapRebuilds();
        api.MapQuarantine();
        api.MapLog();
        api.MapAudit();
        api.MapHealth();
        endpoints.MapOpenApi();
        endpoints.MapHub<LiveHub>(LiveHub.Path);
        return endpoints;
    }
}

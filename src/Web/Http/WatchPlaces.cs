namespace Kappa.Web.Http;

/// <summary>The places for watches, shared by Server-Sent Events and the hub.</summary>
public sealed class WatchPlaces(WebLimits limits) : Places(limits.WatchersMax);

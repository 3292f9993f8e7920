namespace Kappa.Web.Http;

/// <summary>The places for bytes of bodies.</summary>
public sealed class BodyPlaces(WebLimits limits) : Places(limits.BodiesBytesMax);

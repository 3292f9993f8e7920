namespace Kappa.Web.Api;

/// <summary>Appends events.</summary>
public sealed class EventsApi;

namespace Kappa.Web.Http;

/// <summary>The places for audits over HTTP: each reads the whole log, so a few at once must do.</summary>
public sealed class AuditPlaces() : Places(max: 4);

using System.Net;

namespace Kappa.Web.Http;

/// <summary>
/// Keeps pages of other sites out. A host on loopback is reachable from every page that its user opens: by requests
/// that need no leave (a POST without a body, a WebSocket), and, where a name of the attacker is made to point here,
/// even as the same origin. So a request whose <c>Origin</c> is foreign is refused unless that origin is configured, and
/// a host that serves only this machine answers only to names of this machine.
/// </summary>
internal sealed class ForeignRequests(RequestDelegate next, ForeignRequests.Rules rules)
{
    /// <param name="Origins">Origins that may call besides the host's own.</param>
    /// <param name="LocalNamesOnly">True while the host listens on loopback only.</param>
    internal sealed record Rules(IReadOnlyCollection<string> Origins, bool LocalNamesOnly);

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host;
        if (rules.LocalNamesOnly && host.HasValue && !IsLocal(host.Host))
            throw new Problem(StatusCodes.Status400BadRequest, "foreign-host", "This host serves this machine only.",
                $"The header 'Host' names '{host.Host}'; call it as localhost or 127.0.0.1, or set Kappa:Unsecured to true.", "Host").AsException();
        foreach (var origin in context.Request.Headers.Origin)
            if (!IsWelcome(origin, host))
                throw new Problem(StatusCodes.Status403Forbidden, "foreign-origin", "Pages of this origin may not call this host.",
                    $"The origin is '{origin}'; add it to Kappa:Cors:Origins if its pages are meant to.", "Origin").AsException();
        return next(context);
    }

    private bool IsWelcome(string? origin, HostString host)
    {
        if (string.IsNullOrEmpty(origin) || rules.Origins.Contains("*") || rules.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return true;
        // Behind a proxy that ends TLS the schemes differ, so only the authority is compared.
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && host.HasValue
            && (uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase)
                || $"{uri.Host}:{uri.Port}".Equals(host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsLocal(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(name.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}

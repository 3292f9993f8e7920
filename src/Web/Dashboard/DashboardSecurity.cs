namespace Kappa.Web.Dashboard;

/// <summary>What keeps other sites out of the dashboard.</summary>
internal static class DashboardSecurity
{
    // Styles, script, pictures and the stream come from this host; there is nothing inline and nothing from elsewhere.
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept";
    }

    /// <summary>
    /// True if a page of this host sent the form. A host on loopback can be reached by every page that the browser has
    /// open, so a form of unknown origin is refused.
    /// </summary>
    public static bool IsSameOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site == "same-origin"
            : request.Headers.Origin.ToString() == $"{request.Scheme}://{request.Host}";
}

using System.Security.Cryptography;

namespace Kappa.Web.Dashboard;

/// <summary>The dashboard's own files, embedded in the assembly; their URLs change with their content, so browsers may keep them.</summary>
internal static class DashboardAssets
{
    public const string Route = "/dashboard/assets/{name}";

    private static readonly Dictionary<string, Asset> _assets = new(StringComparer.Ordinal)
    {
        ["dashboard.css"] = Load("dashboard.css", "text/css; charset=utf-8"),
        ["dashboard.js"] = Load("dashboard.js", "text/javascript; charset=utf-8"),
        ["mark.svg"] = Load("mark.svg", "image/svg+xml"),
    };

    public static string Url(string name) => $"/dashboard/assets/{name}?v={_assets[name].Hash}";

    public static IResult Serve(string name, HttpResponse response)
    {
        if (!_assets.TryGetValue(name, out var asset))
            return Results.NotFound();
        DashboardSecurity.Protect(response);
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Content, asset.ContentType);
    }

    private static Asset Load(string name, string contentType)
    {
        using var stream = typeof(DashboardAssets).Assembly.GetManifestResourceStream($"Dashboard/{name}")
            ?? throw new InvalidOperationException($"The assembly was built without the dashboard's {name}.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(content, contentType, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8)));
    }

    private sealed record Asset(byte[] Content, string ContentType, string Hash);
}

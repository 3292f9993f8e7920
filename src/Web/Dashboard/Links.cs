namespace Kappa.Web.Dashboard;

/// <summary>The dashboard's URLs. Keys travel in the query, where every key can be written.</summary>
internal static class Links
{
    public const string Overview = "/";
    public const string Quarantine = "/dashboard/quarantine";
    public const string Audit = "/dashboard/audit";

    public const string Rebuilds = "/dashboard/rebuilds";

    /// <summary>Where the form of a step on a build goes.</summary>
    public static string RebuildStep(string step) => $"{Rebuilds}/{step}";

    public static string View(string view) => $"/dashboard/views/{Uri.EscapeDataString(view)}";

    public static string Instance(string view, string key) => $"{View(view)}/instance?key={Uri.EscapeDataString(key)}";

    /// <summary>A link with parameters; those that are null are left out.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
            if (value is not null)
                path += $"{(path.Contains('?') ? '&' : '?')}{name}={Uri.EscapeDataString(value)}";
        return path;
    }
}

namespace Kappa.Web.Dashboard;

/// <summary>What a page knows of the request it answers, and what it says about its answer.</summary>
public sealed class PageContext(HttpRequest request, bool live)
{
    /// <summary>True if the page is to follow what it shows; false if it is rendered once.</summary>
    public bool Live { get; } = live;

    /// <summary>Raised after each rendering of a live page.</summary>
    public Signal Changed { get; } = new();

    public string Title { get; set; } = "Overview";

    public int Status { get; set; } = StatusCodes.Status200OK;

    public string Path { get; } = request.Path.Value ?? "/";

    /// <summary>Scheme and authority as the browser knows them, for commands to copy.</summary>
    public string Origin { get; } = $"{request.Scheme}://{request.Host}";

    public string Route(string name) => request.RouteValues[name] as string ?? "";

    /// <summary>A parameter of the query; null if it is missing or empty.</summary>
    public string? Query(string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A number of the query; null if it is missing, negative or no number.</summary>
    public long? QueryNumber(string name) =>
        long.TryParse(Query(name), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}

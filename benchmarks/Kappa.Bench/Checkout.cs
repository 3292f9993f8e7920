namespace Kappa.Bench;

/// <summary>Where things stand in the checkout that this program was built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>Git-ignored.</summary>
    public static string Results { get; } = Path.Combine(Root, "benchmarks", "results");

    public static string Budgets { get; } = Path.Combine(Root, "benchmarks", "budgets.json");

    /// <summary>The embedded host, built by the reference of this project.</summary>
    public static string Web { get; } = Path.Combine(Root, "src", "Web", "bin", "Release", "net10.0", "Kappa.Web.dll");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansKappa.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No OrleansKappa.sln above {AppContext.BaseDirectory}.");
    }
}

namespace Kappa.Tests;

/// <summary>The real data beside the repository, which not every machine has.</summary>
internal static class SharedData
{
    public static string? Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansKappa.sln")))
            {
                var found = Path.Combine([folder.Parent!.FullName, "shared", "data", .. path]);
                return Path.Exists(found) ? found : null;
            }
        return null;
    }
}

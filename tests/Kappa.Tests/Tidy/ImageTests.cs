namespace Kappa.Tests.Tidy;

/// <summary>That images are built from all that a build needs, and hold no more than they should.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData("src/Web/Dockerfile", "Kappa.Web")]
    [InlineData("src/Silo/Dockerfile", "Kappa.Silo")]
    public void Images_are_small_pinned_and_not_root(string path, string assembly)
    {
        var lines = Lines(path);
        var bases = lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build", "FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled"], bases);
        Assert.Contains("USER $APP_UID", lines);
        Assert.Contains($"ENTRYPOINT [\"dotnet\", \"{assembly}.dll\"]", lines);
    }

    [Theory]
    [InlineData("src/Web/Dockerfile")]
    [InlineData("src/Silo/Dockerfile")]
    public void A_build_in_an_image_has_every_file_of_the_root_that_decides_how_it_is_built(string path)
    {
        string[] patterns = [".editorconfig", ".globalconfig", "global.json", "Directory.*.props", "Directory.*.targets"];
        var needed = patterns.SelectMany(pattern => Directory.EnumerateFiles(SourceTree.Root, pattern)).Select(file => Path.GetFileName(file)!).ToArray();
        Assert.Contains(".editorconfig", needed);
        var copied = Lines(path).Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && line.EndsWith(" ./", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]).ToArray();
        SourceTree.MustBeNone(needed.Except(copied), $"{path} copies what decides how a build goes; without .editorconfig, names that it allows are errors.");
        SourceTree.MustBeNone(needed.Except(Lines(".dockerignore").Where(line => line.StartsWith('!')).Select(line => line[1..])), ".dockerignore admits what the images are built from.");
    }

    [Theory]
    [InlineData("src/Web/Dockerfile", "Web")]
    [InlineData("src/Silo/Dockerfile", "Silo")]
    public void An_image_restores_with_every_project_that_its_own_one_needs(string path, string project)
    {
        var lines = Lines(path);
        SourceTree.MustBeNone(
            from needed in Needed(project).Distinct()
            where !lines.Contains($"COPY src/{needed}/{needed}.csproj src/{needed}/")
            select $"src/{needed}/{needed}.csproj", $"{path} copies the projects before it restores.");
    }

    private static IEnumerable<string> Needed(string project) =>
        System.Text.RegularExpressions.Regex.Matches(SourceTree.Projects.Single(file => file.Path == $"src/{project}/{project}.csproj").Text, @"ProjectReference Include=""\.\./(\w+)/")
            .SelectMany(match => Needed(match.Groups[1].Value)).Append(project);

    private static string[] Lines(string path) => File.ReadAllLines(Path.Combine(SourceTree.Root, path));
}

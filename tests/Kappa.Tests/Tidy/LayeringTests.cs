using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>Arrows point one way: Kappa, Views, Web, Silo; Grains and Cli stand beside Web.</summary>
public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> _mayReference = new()
    {
        ["Kappa"] = [],
        ["Views"] = ["Kappa"],
        ["Web"] = ["Kappa", "Views"],
        ["Cli"] = ["Kappa", "Views"],
        ["Grains"] = ["Kappa", "Views"],
        ["Silo"] = ["Kappa", "Views", "Web", "Grains"],
    };

    [Fact]
    public void Projects_reference_only_projects_below_them() => SourceTree.MustBeNone(
        from project in SourceTree.Projects
        where project.IsIn("src")
        from Match reference in Regex.Matches(project.Text, """<ProjectReference\s+Include="[^"]*?(\w+)\.csproj""")
        where !_mayReference.GetValueOrDefault(project.Name, []).Contains(reference.Groups[1].Value)
        select $"{project.Path} references {reference.Groups[1].Value}",
        "A project of src may reference only what lies below it (a new project needs its line in this test).");

    [Fact]
    public void Kappa_and_views_need_no_package() => SourceTree.MustBeNone(
        SourceTree.InText(SourceTree.Projects.Where(p => p.IsIn("src/Kappa", "src/Views")), "<(Package|Framework)Reference|Sdk=\"(?!Microsoft\\.NET\\.Sdk\")"),
        "The core and the views that ship stand on the base class library alone.");

    [Fact]
    public void Kappa_and_views_know_no_host() => SourceTree.MustBeNone(
        SourceTree.InCode(SourceTree.Files.Where(f => f.IsIn("src/Kappa", "src/Views")), @"\b(Microsoft\.(AspNetCore|Extensions|Azure)|Orleans|Azure|AspNetCore)\b"),
        "Nothing in the core or in views knows ASP.NET, a logging framework, Orleans or Azure.");

    [Fact]
    public void Views_that_ship_know_nothing_of_log_and_engine() => SourceTree.MustBeNone(
        SourceTree.InCode(SourceTree.Files.Where(f => f.IsIn("src/Views")), @"\bKappa\.(Engine|Capture|Diagnostics)\b|\bSystem\.IO\b|\b(I|File|Memory)Log(Reader|Writer)?\b"),
        "A view is events, states and folds, nothing else.");

    [Fact]
    public void Log_events_and_views_know_nothing_of_the_engine() => SourceTree.MustBeNone(
        SourceTree.InCode(SourceTree.Files.Where(f => f.IsIn("src/Kappa") && !f.IsIn("src/Kappa/Engine")), @"\bKappa\.Engine\b"),
        "The engine stands on log, events and views, which are there for every engine.");

    [Fact]
    public void Web_names_the_engine_only_where_it_is_hosted() => SourceTree.MustBeNone(
        SourceTree.InCode(SourceTree.Files.Where(f => f.IsIn("src/Web") && !f.IsIn("src/Web/Hosting")), @"\bKappa\.Engine\b"),
        "API, hub and dashboard are written against IViews and the log's interfaces, so that both engines can serve them.");

    [Fact]
    public void Only_grains_and_silo_know_Orleans() => SourceTree.MustBeNone(
        SourceTree.InCode(SourceTree.Files.Where(f => f.IsIn("src/Web", "src/Cli")), @"\bOrleans\.\w|\busing Orleans\b"),
        "The embedded host must build where no Orleans package can be had.");

    [Fact]
    public void Namespaces_follow_folders() => SourceTree.MustBeNone(
        from file in SourceTree.Files
        where file.IsIn("src/Kappa") && file.Path.EndsWith(".cs", StringComparison.Ordinal)
        let folder = Path.GetDirectoryName(file.Path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.')
        let name = Regex.Match(file.Code, @"^namespace ([\w.]+);", RegexOptions.Multiline).Groups[1].Value
        where name.Length > 0 && name != folder
        select $"{file.Path}: namespace {name}, expected {folder}",
        "In the core a type's namespace tells where it stands.");
}

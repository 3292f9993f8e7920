using System.Text.Json;

namespace Kappa.Tests;

public sealed class ImportIntoDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kappa-import-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_data_directory_takes_each_event_once()
    {
        var (file, data) = (EventFile.Write(_directory, "events", EventFile.Events(3_000)), Path.Combine(_directory.FullName, "data"));
        string[] command = ["import", "cloudevents", file, "--data", data, "--json", "--checkpoint"];
        var first = JsonElement.Parse((await CommandLine.RunAsync([.. command, Path.Combine(_directory.FullName, "one")])).Out);
        Assert.Equal((3_000, 0), (first.GetProperty("appended").GetInt32(), first.GetProperty("duplicates").GetInt32()));
        var again = JsonElement.Parse((await CommandLine.RunAsync([.. command, Path.Combine(_directory.FullName, "two")])).Out);
        Assert.Equal((0, 3_000), (again.GetProperty("appended").GetInt32(), again.GetProperty("duplicates").GetInt32()));
    }

    [Fact]
    public async Task A_data_directory_refuses_what_does_not_fit_its_type()
    {
        var file = EventFile.Write(_directory, "events", ["""{"specversion":"1.0","id":"7","source":"/s","type":"shop.order.placed","data":{"orderId":"1"}}"""]);
        var (exitCode, _, error) = await CommandLine.RunAsync("import", "cloudevents", file, "--data", Path.Combine(_directory.FullName, "data"));
        Assert.Equal(1, exitCode);
        Assert.Contains("an event is refused, data.currency: is missing", error);
        Assert.Contains("\"id\":\"7\"", error);
    }
}

using System.CommandLine;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa log</c>: the partitions of the log and how far they reach.</summary>
internal static class LogCommand
{
    public static Command Create(Output output)
    {
        var command = new Command("log", "Shows the partitions of the log: the first sequence and the next.");
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var log = await client.GetAsync("log", cancellationToken);
            if (host.Json(parsed))
            {
                output.Out.WriteLine(log.GetRawText());
                return ExitCode.Ok;
            }
            var columns = new Columns("partition", "first", "next");
            foreach (var partition in log.GetProperty("partitions").EnumerateArray())
                columns.Add($"{partition.GetProperty("partition")}", $"{partition.GetProperty("first")}", $"{partition.GetProperty("next")}");
            columns.Write(output.Out);
            if (log.TryGetProperty("cut", out var cut))
                output.Out.WriteLine($"cut {cut}");
            return ExitCode.Ok;
        });
        return command;
    }
}

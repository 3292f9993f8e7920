using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa tail</c>: the log's events as they come.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    public static Command Create(Output output)
    {
        var from = new Option<long?>("--from") { Description = "The sequence to start at; 0 is the start of the log. By default only new events are shown." };
        var partition = new Option<int?>("--partition") { Description = "Only this partition; by default all." };
        var once = new Option<bool>("--no-follow") { Description = "Stop at the end of the log." };
        var command = new Command("tail", "Shows the log's events as they come, until it is stopped.") { from, partition, once };
        var host = new HostOptions(command);
        from.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] }])
                result.AddError("--from must not be negative.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var next = await StartAsync(client, parsed.GetValue(partition), parsed.GetValue(from), cancellationToken);
            try
            {
                do
                {
                    var isIdle = true;
                    foreach (var (one, sequence) in next.ToArray())
                    {
                        next[one] = await WritePageAsync(client, output.Out, one, sequence, host.Json(parsed), cancellationToken);
                        isIdle &= next[one] == sequence;
                    }
                    if (!isIdle)
                        continue;
                    if (parsed.GetValue(once))
                        break;
                    await Task.Delay(_pause, cancellationToken);
                }
                while (true);
            }
            catch (OperationCanceledException)
            {
                // This is how a tail ends.
                output.Out.Flush();
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<SortedDictionary<int, long>> StartAsync(KappaClient client, int? only, long? from, CancellationToken cancellationToken)
    {
        var log = await client.GetAsync("log", cancellationToken);
        var next = new SortedDictionary<int, long>();
        foreach (var item in log.GetProperty("partitions").EnumerateArray())
            if (item.GetProperty("partition").GetInt32() is var partition && (only is null || only == partition))
                next[partition] = from is null ? item.GetProperty("next").GetInt64() : Math.Max(from.Value, item.GetProperty("first").GetInt64());
        return next.Count > 0 ? next : throw new CliException(ExitCode.Failed, $"the log has no partition {only}; see 'kappa log'.");
    }

    private static async Task<long> WritePageAsync(
        KappaClient client, TextWriter writer, int partition, long from, bool json, CancellationToken cancellationToken)
    {
        var page = await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"log/{partition}?from={from}"), cancellationToken);
        foreach (var item in page.GetProperty("items").EnumerateArray())
            writer.WriteLine(json ? item.GetRawText() : $"{partition}:{Sequence(item)}  {EventLine.Of(item)}");
        return page.GetProperty("next").GetInt64();
    }

    private static string Sequence(JsonElement item) => item.TryGetProperty("kappasequence", out var sequence) ? sequence.ToString() : "?";
}

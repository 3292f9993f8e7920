namespace Kappa.Events;

/// <summary>Times as RFC 3339 writes them, strictly: a date, a time with seconds, and an offset.</summary>
internal static class Rfc3339
{
    /// <summary>
    /// The time in UTC ticks of 100 ns; finer digits are cut off. A leap second (23:59:60 UTC) counts as the last tick
    /// of its day, so that it stays in its month. False for anything else, and for times outside the years 1 to 9999.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = EventRecord.NoTime;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
            return false;
        int century = Two(text, 0), yearOf = Two(text, 2), month = Two(text, 5), day = Two(text, 8),
            hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        if ((century | yearOf | month | day | hour | minute | second) < 0)
            return false;
        var year = century * 100 + yearOf;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return false;

        var rest = text[19..];
        if (!TryTakeFraction(ref rest, out var fraction) || !TryReadOffset(rest, out var offsetMinutes))
            return false;
        var utc = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks - offsetMinutes * TimeSpan.TicksPerMinute;
        if (second < 60)
            utc += second * TimeSpan.TicksPerSecond + fraction;
        else if ((utc + TimeSpan.TicksPerMinute) % TimeSpan.TicksPerDay == 0)
            utc += TimeSpan.TicksPerMinute - 1;
        else
            return false;
        if (utc < 0 || utc > DateTime.MaxValue.Ticks)
            return false;
        ticks = utc;
        return true;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<byte> rest, out int ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
            return true;
        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 1)
            return false;
        for (var i = 1; i <= 7; i++)
            ticks = ticks * 10 + (i <= digits ? rest[i] - '0' : 0);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
            return (text[0] | 0x20) == 'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return false;
        int hour = Two(text, 1), minute = Two(text, 4);
        if (hour is < 0 or > 23 || minute is < 0 or > 59)
            return false;
        minutes = (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
        return true;
    }

    /// <summary>Two digits as a number; negative if they are no digits.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        int tens = text[at] - '0', ones = text[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? tens * 10 + ones : -1;
    }
}

using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>What a receipt is in writing, and how one with marks becomes a cut.</summary>
public sealed class ReceiptTests
{
    private static readonly Guid _append = new("01234567-89ab-7def-8123-456789abcdef");

    [Theory]
    [InlineData("", "cg")]
    [InlineData("0:13,3:1043", "cjA6MTMsMzoxMDQz")]
    public void A_receipt_that_is_a_cut_is_written_as_ever(string cut, string text)
    {
        Assert.True(Cut.TryParse(cut, out var parsed));
        Assert.Equal(text, new Receipt(parsed).ToString());
        Assert.True(Receipt.TryParse(text, out var read));
        Assert.Equal(new Receipt(parsed), read);
        Assert.Empty(read.Marks);
    }

    [Fact]
    public void A_receipt_with_marks_reads_back_as_it_was()
    {
        var receipt = new Receipt(Cut.Zero.With(2, 7)) { Marks = [new AppendMark(0, _append, 25), new AppendMark(31, Guid.AllBitsSet, int.MaxValue)] };
        Assert.True(Receipt.TryParse(receipt.ToString(), out var read));
        Assert.Equal(receipt, read);
        Assert.Equal(receipt.GetHashCode(), read.GetHashCode());
        Assert.NotEqual(receipt, new Receipt(receipt.Cut));
        Assert.NotEqual(receipt, receipt with { Marks = [receipt.Marks[1], receipt.Marks[0]] });
        Assert.Equal("0:ASNFZ4mrfe-BI0VniavN7w:25", receipt.Marks[0].ToString());
    }

    [Theory]
    [InlineData("r;")]
    [InlineData("r0:1;0")]
    [InlineData("r0:1;0:ASNFZ4mrfe-BI0VniavN7w")]
    [InlineData("r0:1;0:ASNFZ4mrfe-BI0VniavN7w:0")]
    [InlineData("r0:1;0:ASNFZ4mrfe-BI0VniavN7w:-1")]
    [InlineData("r0:1;2000:ASNFZ4mrfe-BI0VniavN7w:1")]
    [InlineData("r0:1;0:ASNFZ4mrfe-BI0VniavN7:1")]
    [InlineData("r0:1;0:ASNFZ4mrfe_BI0VniavN7+:1")]
    [InlineData("r0:1;0:ASNFZ4mrfe-BI0VniavN7w:1,")]
    [InlineData("r0:1;0:ASNFZ4mrfe-BI0VniavN7w:1:1")]
    [InlineData("x0:1")]
    [InlineData("r0:1,0:2")]
    public void Anything_else_is_no_receipt(string decoded) =>
        Assert.False(Receipt.TryParse(System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.ASCII.GetBytes(decoded)), out _));

    [Fact]
    public async Task A_receipt_with_marks_is_of_no_use_with_a_log_that_gives_none()
    {
        await using var log = new MemoryLog();
        Assert.Equal("1:4", (await new Receipt(Cut.Zero.With(1, 4)).ResolveAsync(log)).ToString());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await (Receipt.Empty with { Marks = [new AppendMark(0, _append, 1)] }).ResolveAsync(log));
    }
}

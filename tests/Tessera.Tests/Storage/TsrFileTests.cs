using Tessera.Storage;

namespace Tessera.Tests.Storage;

public sealed class TsrFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_comes_back_as_it_was_written()
    {
        string path = _folder["all.tsr"];
        using (TsrWriter writer = TsrWriter.Create(path, "test/all"))
        {
            writer.Write<byte>("u8", [0, 1, 255]);
            writer.Write<sbyte>("i8", [-128, 127]);
            writer.Write<ushort>("u16", [ushort.MaxValue]);
            writer.Write<short>("i16", [short.MinValue, 5]);
            writer.Write<uint>("u32", [uint.MaxValue]);
            writer.Write<int>("i32", [int.MinValue, 7]);
            writer.Write<ulong>("u64", [ulong.MaxValue]);
            writer.Write<long>("i64", [long.MinValue, 9]);
            writer.Write<float>("f32", [float.NaN, -0f, 1.5f]);
            writer.Write<double>("f64", [double.Epsilon, double.NegativeInfinity]);
            writer.WriteText("text", "tessera, ψηφίς 🧩");
            writer.WriteText("no-text", "");
            writer.Commit();
        }

        using TsrReader reader = TsrReader.Open(path);
        Assert.Equal("test/all", reader.Kind);
        Assert.Equal(12, reader.Sections.Count);
        Assert.Equal(new FileInfo(path).Length, reader.Length);
        Assert.Equal([0, 1, 255], reader.Read<byte>("u8").ToArray());
        Assert.Equal([-128, 127], reader.Read<sbyte>("i8").ToArray());
        Assert.Equal([ushort.MaxValue], reader.Read<ushort>("u16").ToArray());
        Assert.Equal([short.MinValue, 5], reader.Read<short>("i16").ToArray());
        Assert.Equal([uint.MaxValue], reader.Read<uint>("u32").ToArray());
        Assert.Equal([int.MinValue, 7], reader.Read<int>("i32").ToArray());
        Assert.Equal([ulong.MaxValue], reader.Read<ulong>("u64").ToArray());
        Assert.Equal([long.MinValue, 9], reader.Read<long>("i64").ToArray());
        Assert.Equal([float.NaN, -0f, 1.5f], reader.Read<float>("f32").ToArray());
        Assert.Equal([double.Epsilon, double.NegativeInfinity], reader.Read<double>("f64").ToArray());
        Assert.Equal("tessera, ψηφίς 🧩", reader.ReadText("text"));
        Assert.Equal("", reader.ReadText("no-text"));
    }

    [Fact]
    public void A_file_without_sections_is_a_file()
    {
        string path = Save("empty.tsr", _ => { });
        using TsrReader reader = TsrReader.Open(path);
        Assert.Empty(reader.Sections);
        Assert.Equal(128, reader.Length);
    }

    [Fact]
    public void Empty_sections_keep_their_names_and_types()
    {
        string path = Save("empty.tsr", writer =>
        {
            writer.Write<float>("a", []);
            writer.Write<byte>("b", [1]);
            writer.Write<long>("c", []);
        });
        using TsrReader reader = TsrReader.Open(path);
        Assert.True(reader.Read<float>("a").IsEmpty);
        Assert.True(reader.Read<long>("c").IsEmpty);
        Assert.Equal(["a", "b", "c"], reader.Sections.Select(section => section.Name));
        Assert.Equal([TsrElementType.F32, TsrElementType.U8, TsrElementType.I64], reader.Sections.Select(section => section.Type));
    }

    [Fact]
    public unsafe void Sections_lie_on_multiples_of_64_in_the_file_and_in_memory()
    {
        string path = Save("aligned.tsr", writer =>
        {
            for (int length = 0; length < 70; length++)
                writer.Write<byte>($"s{length}", new byte[length]);
        });
        using TsrReader reader = TsrReader.Open(path);
        foreach (TsrSection section in reader.Sections)
        {
            Assert.Equal(0, section.Offset % 64);
            using var pin = reader.Read<byte>(section.Name).Pin();
            Assert.Equal(0, (long)pin.Pointer % 64);
        }
    }

    [Fact]
    public void Streaming_gives_the_bytes_of_one_write()
    {
        int[] values = [.. Enumerable.Range(0, 1000)];
        string whole = Save("whole.tsr", writer => writer.Write<int>("values", values));
        string streamed = Save("streamed.tsr", writer =>
        {
            writer.Begin<int>("values");
            for (int start = 0, length = 0; start < values.Length; start += length)
            {
                length = Math.Min(length + 1, values.Length - start);
                writer.Append<int>(values.AsSpan(start, length));
            }
            writer.Append<int>([]);
            writer.End();
        });
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(streamed));
    }

    [Fact]
    public void Equal_content_gives_equal_bytes()
    {
        static void Fill(TsrWriter writer)
        {
            writer.WriteText("note", "the same");
            writer.Write<double>("numbers", [1, 2, 3]);
        }
        Assert.Equal(File.ReadAllBytes(Save("one.tsr", Fill)), File.ReadAllBytes(Save("two.tsr", Fill)));
    }

    [Fact]
    public void The_bytes_are_those_of_the_documented_format()
    {
        byte[] file = File.ReadAllBytes(Save("known.tsr", writer => writer.Write<ushort>("ab", [0x0201, 0x0403])));
        Assert.Equal(128 + 64 + 96, file.Length);
        Assert.Equal("895453520D0A1A0A" + "01000000" + "01000000" + "2001000000000000" + "C000000000000000", Convert.ToHexString(file, 0, 32));
        Assert.Equal("test"u8.ToArray(), file[48..52]);
        Assert.Equal([1, 2, 3, 4, 0], file[128..133]);
        Assert.Equal("8000000000000000" + "0200000000000000", Convert.ToHexString(file, 192, 16));
        Assert.Equal(Crc32C.Compute([1, 2, 3, 4]), BitConverter.ToUInt32(file, 192 + 16));
        Assert.Equal(3u, BitConverter.ToUInt32(file, 192 + 20));
        Assert.Equal("ab\0"u8.ToArray(), file[(192 + 32)..(192 + 35)]);
    }

    [Fact]
    public void Slices_are_parts_of_the_section()
    {
        string path = Save("slices.tsr", writer => writer.Write<long>("n", [10, 11, 12, 13]));
        using TsrReader reader = TsrReader.Open(path);
        Assert.Equal([11, 12], reader.Read<long>("n", 1, 2).ToArray());
        Assert.Empty(reader.Read<long>("n", 4, 0).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read<long>("n", 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read<long>("n", -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read<long>("n", long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read<long>("n", 0, -1));
    }

    [Fact]
    public void Another_type_a_missing_section_another_count_or_kind_are_refused_by_name_and_place()
    {
        string path = Save("typed.tsr", writer =>
        {
            writer.Write<int>("ids", [1, 2]);
            writer.Write<byte>("bytes", [0xFF, 0xFE]);
        });
        using TsrReader reader = TsrReader.Open(path);
        var type = Assert.Throws<TesseraFormatException>(() => reader.Read<float>("ids"));
        Assert.Equal(128, type.Offset);
        Assert.Contains("ids", type.Section, StringComparison.Ordinal);
        Assert.Contains("I32", type.Message, StringComparison.Ordinal);
        Assert.Contains("codes", Assert.Throws<TesseraFormatException>(() => reader.Read<byte>("codes")).Section, StringComparison.Ordinal);
        Assert.Throws<TesseraFormatException>(() => reader.ReadText("bytes"));
        Assert.Throws<TesseraFormatException>(() => reader.ReadExactly<int>("ids", 3));
        Assert.Equal([1, 2], reader.ReadExactly<int>("ids", 2).ToArray());
        Assert.Throws<TesseraFormatException>(() => reader.RequireKind("other"));
        reader.RequireKind("test");
        Assert.False(reader.TryFind("codes", out _));
        Assert.Throws<NotSupportedException>(() => reader.Read<decimal>("ids"));
    }

    [Fact]
    public void Memory_is_refused_after_the_reader_is_disposed()
    {
        TsrReader reader = TsrReader.Open(Save("gone.tsr", writer => writer.Write<int>("n", [1])));
        ReadOnlyMemory<int> memory = reader.Read<int>("n");
        reader.Dispose();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => reader.Read<int>("n"));
    }

    [Fact]
    public unsafe void A_pin_keeps_the_mapping_when_the_reader_is_disposed()
    {
        TsrReader reader = TsrReader.Open(Save("pinned.tsr", writer => writer.Write<int>("n", [1, 2, 3])));
        using var pin = reader.Read<int>("n").Pin();
        reader.Dispose();
        Assert.Equal([1, 2, 3], new ReadOnlySpan<int>(pin.Pointer, 3).ToArray());
    }

    [Fact]
    public void The_old_file_stays_until_the_commit()
    {
        string path = _folder.Write("kept.tsr", "old"u8);
        using (TsrWriter writer = TsrWriter.Create(path, "test"))
        {
            writer.Write<byte>("big", new byte[1 << 20]);
            Assert.Equal("old", File.ReadAllText(path));
            string temporary = Assert.Single(Directory.GetFiles(_folder.Path, "*.tmp"));
            Assert.Throws<TesseraFormatException>(() => TsrReader.Open(temporary));
        }
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_mapped_file_can_be_replaced_and_its_readers_keep_the_old_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not rename over a mapped file.");
        string path = Save("replaced.tsr", writer => writer.Write<int>("n", [1]));
        using TsrReader old = TsrReader.Open(path);
        Save("replaced.tsr", writer => writer.Write<int>("n", [2]));
        using TsrReader replaced = TsrReader.Open(path);
        Assert.Equal([1], old.Read<int>("n").ToArray());
        Assert.Equal([2], replaced.Read<int>("n").ToArray());
    }

    [Fact]
    public void A_file_that_another_holds_open_opens()
    {
        string path = Save("held.tsr", writer => writer.Write<int>("n", [1]));
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using TsrReader reader = TsrReader.Open(path);
        Assert.Equal([1], reader.Read<int>("n").ToArray());
    }

    [Fact]
    public void Misuse_of_the_writer_is_refused()
    {
        using TsrWriter writer = TsrWriter.Create(_folder["misused.tsr"], "test");
        Assert.Throws<InvalidOperationException>(() => writer.Append<int>([1]));
        Assert.Throws<InvalidOperationException>(writer.End);
        Assert.Throws<ArgumentException>(() => writer.Write<int>("", [1]));
        Assert.Throws<ArgumentException>(() => writer.Write<int>("two words", [1]));
        Assert.Throws<ArgumentException>(() => writer.Write<int>(new string('x', 65), [1]));
        Assert.Throws<NotSupportedException>(() => writer.Write<decimal>("d", [1]));
        Assert.ThrowsAny<ArgumentException>(() => writer.WriteText("t", "\ud83e"));
        writer.Write<int>("taken", [1]);
        Assert.Throws<ArgumentException>(() => writer.Write<int>("taken", [1]));
        writer.Begin<int>("open");
        Assert.Throws<InvalidOperationException>(() => writer.Append<float>([1]));
        Assert.Throws<InvalidOperationException>(() => writer.Begin<int>("second"));
        Assert.Throws<InvalidOperationException>(writer.Commit);
        writer.End();
        writer.Commit();
        Assert.Throws<ObjectDisposedException>(() => writer.Write<int>("late", [1]));
        Assert.Throws<ObjectDisposedException>(writer.Commit);
    }

    [Fact]
    public void A_missing_file_an_empty_one_a_folder_and_a_foreign_one_each_get_their_message()
    {
        Assert.Throws<FileNotFoundException>(() => TsrReader.Open(_folder["none.tsr"]));
        Assert.Contains("empty", Refusal(_folder.Write("empty", [])), StringComparison.Ordinal);
        Assert.Contains("directory", Refusal(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("not a .tsr", Refusal(_folder.Write("text", "hello, world"u8)), StringComparison.Ordinal);
        Assert.Throws<IOException>(() => TsrWriter.Create(_folder.Path, "test"));
        Assert.Throws<DirectoryNotFoundException>(() => TsrWriter.Create(_folder[Path.Combine("no", "folder.tsr")], "test"));
    }

    [Fact]
    public void A_newer_version_says_so_and_what_to_do()
    {
        byte[] file = File.ReadAllBytes(Save("newer.tsr", writer => writer.Write<int>("n", [1])));
        file[8] = 2;
        string message = Refusal(_folder.Write("newer.tsr", file));
        Assert.Contains("version 2", message, StringComparison.Ordinal);
        Assert.Contains("use a newer Tessera", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_that_was_not_looked_for_at_opening_is_found_by_verify()
    {
        byte[] file = File.ReadAllBytes(Save("late.tsr", writer => writer.Write<int>("numbers", [1, 2, 3])));
        file[130] ^= 1;
        string path = _folder.Write("late.tsr", file);
        var damage = Assert.Throws<TesseraFormatException>(() => TsrReader.Open(path));
        Assert.Equal((path, "section 'numbers'", 128), (damage.Path, damage.Section, damage.Offset));
        using TsrReader reader = TsrReader.Open(path, verify: false);
        Assert.Throws<TesseraFormatException>(() => reader.Verify(TestContext.Current.CancellationToken));
    }

    private static string Refusal(string path) => Assert.Throws<TesseraFormatException>(() => TsrReader.Open(path)).Message;

    private string Save(string name, Action<TsrWriter> fill)
    {
        using TsrWriter writer = TsrWriter.Create(_folder[name], "test");
        fill(writer);
        writer.Commit();
        return _folder[name];
    }
}

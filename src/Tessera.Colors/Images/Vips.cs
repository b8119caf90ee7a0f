using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tessera.Colors.Images;

/// <summary>
/// The calls of libvips and GObject that decoding needs. Operations are made by name and given their arguments one by one:
/// the functions that C programs call take variable arguments, which managed code cannot pass on every platform.
/// </summary>
internal static unsafe partial class Vips
{
    private const string Library = "vips", Objects = "gobject", Base = "glib";

    /// <summary>VIPS_INTERPRETATION_sRGB.</summary>
    public const int InterpretationSrgb = 22;

    /// <summary>VIPS_FORMAT_UCHAR.</summary>
    public const int FormatUchar = 0;

    /// <summary>VIPS_META_ICC_NAME.</summary>
    public const string ProfileField = "icc-profile-data";

    private const int LogWarning = 1 << 4, LogLevels = 0xFC;

    private static readonly Lazy<string?> Start = new(Initialise);

    /// <summary>Why libvips cannot be used; null when it can.</summary>
    public static string? Unavailable => Start.Value;

    private static string? Initialise()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Vips).Assembly, Resolve);
            if (Init("tessera") != 0)
                return $"libvips does not start: {TakeError()}";
            // Nothing is asked twice, and callers bring threads of their own.
            CacheSetMax(0);
            ConcurrencySet(1);
            BlockUntrusted(1);
            OperationBlock("VipsForeignLoad", 1);
            foreach (string loader in (string[])["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadTiff", "VipsForeignLoadNsgif"])
                OperationBlock(loader, 0);
            // What it has to say of an image comes as an error; its warnings would go to the terminal.
            LogSetHandler("VIPS", LogWarning | LogLevels, &Ignore, 0);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return "libvips 8.13 or later is not installed; install it with 'apt install libvips42' (Debian, Ubuntu), 'dnf install vips' (Fedora), "
                + "'brew install vips' (macOS), or put libvips-42.dll on the path (Windows).";
        }
    }

    /// <summary>Takes libvips' last error, as one line. The buffer is shared by all threads, so the words may be those of another image.</summary>
    public static string TakeError()
    {
        byte* text = ErrorBufferCopy();
        string error = Marshal.PtrToStringUTF8((nint)text) ?? "";
        Free(text);
        return error.Split('\n', 2)[0].Trim();
    }

    /// <summary>Runs an operation and gives one of its outputs.</summary>
    /// <param name="operation">Its name, such as <c>thumbnail_buffer</c>.</param>
    /// <param name="input">The argument that is an object, such as <c>in</c>.</param>
    /// <param name="value">An image or the bytes of one, of which the operation takes a reference of its own.</param>
    /// <param name="output">The argument to give back: <c>out</c>, or <c>buffer</c> of savers.</param>
    /// <param name="settings">Other arguments.</param>
    /// <returns>An image or bytes, the caller's to release; 0 after an error.</returns>
    public static nint Run(string operation, string input, nint value, string output, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        nint made = OperationNew(operation);
        if (made == 0)
            return 0;
        Set(made, input, value);
        bool failed = false;
        foreach (var (name, text) in settings)
            failed |= SetArgument(made, name, text) != 0;
        if (failed)
        {
            Unref(made);
            return 0;
        }

        nint built = Build(made);
        if (built == 0)
            UnrefOutputs(made);
        Unref(made);
        if (built == 0)
            return 0;
        nint result = Get(built, output);
        UnrefOutputs(built);
        Unref(built);
        return result;
    }

    private static void Set(nint operation, string name, nint value)
    {
        bool isImage = !name.Equals("buffer", StringComparison.Ordinal);
        var holder = default(Value);
        ValueInit(ref holder, isImage ? ImageType() : BlobType());
        if (isImage)
            ValueSetObject(ref holder, value);
        else
            ValueSetBoxed(ref holder, value);
        SetProperty(operation, name, ref holder);
        ValueUnset(ref holder);
    }

    private static nint Get(nint operation, string name)
    {
        bool isImage = !name.Equals("buffer", StringComparison.Ordinal);
        var holder = default(Value);
        ValueInit(ref holder, isImage ? ImageType() : BlobType());
        GetProperty(operation, name, ref holder);
        nint result = isImage ? ValueDupObject(ref holder) : ValueDupBoxed(ref holder);
        ValueUnset(ref holder);
        return result;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (string candidate in name switch
        {
            Library => (string[])["libvips.so.42", "libvips.42.dylib", "libvips-42.dll"],
            Objects => ["libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll", "libvips-42.dll"],
            Base => ["libglib-2.0.so.0", "libglib-2.0.0.dylib", "libglib-2.0-0.dll", "libvips-42.dll"],
            _ => [],
        })
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out nint handle))
                return handle;
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(byte* domain, int level, byte* message, nint data)
    {
    }

    /// <summary>GValue: a type and two words that the type makes use of.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Value
    {
        public nint Type;
        public long First;
        public long Second;
    }

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Init(string program);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    private static partial void CacheSetMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    private static partial void ConcurrencySet(int threads);

    [LibraryImport(Library, EntryPoint = "vips_block_untrusted_set")]
    private static partial void BlockUntrusted(int block);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void OperationBlock(string operation, int block);

    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    private static partial byte* ErrorBufferCopy();

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OperationNew(string name);

    [LibraryImport(Library, EntryPoint = "vips_object_set_argument_from_string", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetArgument(nint operation, string name, string value);

    [LibraryImport(Library, EntryPoint = "vips_cache_operation_build")]
    private static partial nint Build(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    private static partial void UnrefOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_image_get_type")]
    private static partial nint ImageType();

    [LibraryImport(Library, EntryPoint = "vips_blob_get_type")]
    private static partial nint BlobType();

    [LibraryImport(Library, EntryPoint = "vips_blob_copy")]
    public static partial nint BlobCopy(byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_blob_get")]
    public static partial byte* BlobGet(nint blob, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_area_unref")]
    public static partial void BlobUnref(nint blob);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    public static partial int Width(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    public static partial int Height(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    public static partial int Bands(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    public static partial int Format(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    public static partial int Interpretation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_hasalpha")]
    public static partial int HasAlpha(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_orientation_swap")]
    public static partial int OrientationSwap(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_typeof", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint HasField(nint image, string name);

    [LibraryImport(Library, EntryPoint = "vips_image_get_blob", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetBlob(nint image, string name, out byte* data, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_get_orientation")]
    public static partial int Orientation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_copy_memory")]
    public static partial nint CopyMemory(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_write_to_memory")]
    public static partial byte* WriteToMemory(nint image, out nuint size);

    [LibraryImport(Objects, EntryPoint = "g_object_unref")]
    public static partial void Unref(nint instance);

    [LibraryImport(Objects, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetProperty(nint instance, string name, ref Value value);

    [LibraryImport(Objects, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void GetProperty(nint instance, string name, ref Value value);

    [LibraryImport(Objects, EntryPoint = "g_value_init")]
    private static partial nint ValueInit(ref Value value, nint type);

    [LibraryImport(Objects, EntryPoint = "g_value_unset")]
    private static partial void ValueUnset(ref Value value);

    [LibraryImport(Objects, EntryPoint = "g_value_set_object")]
    private static partial void ValueSetObject(ref Value value, nint instance);

    [LibraryImport(Objects, EntryPoint = "g_value_dup_object")]
    private static partial nint ValueDupObject(ref Value value);

    [LibraryImport(Objects, EntryPoint = "g_value_set_boxed")]
    private static partial void ValueSetBoxed(ref Value value, nint boxed);

    [LibraryImport(Objects, EntryPoint = "g_value_dup_boxed")]
    private static partial nint ValueDupBoxed(ref Value value);

    [LibraryImport(Base, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint LogSetHandler(string domain, int levels, delegate* unmanaged[Cdecl]<byte*, int, byte*, nint, void> handler, nint data);

    [LibraryImport(Base, EntryPoint = "g_free")]
    public static partial void Free(byte* memory);
}

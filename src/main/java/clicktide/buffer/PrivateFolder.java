package clicktide.buffer;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/**
 * A folder that only the user of this process can enter. Its parent may be open to all users, as
 * {@code /dev/shm} is, so another user may have planted a folder with the same name.
 */
public final class PrivateFolder {
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private PrivateFolder() {}

  /** Creates the folder, or checks it as {@link #exists} does. */
  public static void create(Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    if (!exists(folder)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(MODE));
    }
  }

  /**
   * Returns true if the folder exists. Throws {@link IllegalStateException} if it is a link,
   * belongs to another user, or others can write in it. Closes a folder that others can only read.
   */
  static boolean exists(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        || !isOwn(folder)
        || !Collections.disjoint(mode(folder), WRITE_OF_OTHERS)) {
      throw new IllegalStateException(
          "The folder %s must belong to the user of Clicktide, and other users must not be able to write in it. Check its content and delete it."
              .formatted(folder));
    }
    if (!mode(folder).equals(MODE)) { // an earlier version created it
      Files.setPosixFilePermissions(folder, MODE);
    }
    return true;
  }

  private static boolean isOwn(Path folder) throws IOException {
    var owner = (Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return owner == new UnixSystem().getUid();
  }

  private static Set<PosixFilePermission> mode(Path folder) throws IOException {
    return Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
  }
}

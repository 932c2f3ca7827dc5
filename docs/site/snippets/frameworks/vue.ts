import { onMounted, onUnmounted, type Ref, ref } from "vue";
import { socket } from "./socket.ts";

interface Chat {
  lines: Ref<string[]>;
  isOpen: Ref<boolean>;
  say: (text: string) => void;
}

/** For `<script setup>`: `const { lines, isOpen, say } = useChat();` */
export function useChat(): Chat {
  const lines = ref<string[]>([]);
  const isOpen = ref(false);
  const add = (text: string) => lines.value.push(text);
  let stop = () => {};

  onMounted(() => {
    socket.on("said", add);
    stop = socket.onStatus(({ state }) => {
      isOpen.value = state === "open";
    });
    socket.connect();
  });
  onUnmounted(() => {
    socket.off("said", add);
    stop();
  });

  return { lines, isOpen, say: (text) => socket.emit("say", text) };
}

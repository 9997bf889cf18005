#include "board.h"
#include "node.h"

int main(void)
{
    board_begin();
    board_log("sensor node");
    node_begin(board_modem_write, board_log, board_modem_power_cycle, board_seed(), board_now());
    for (;;) {
        uint8_t byte;
        while (board_modem_read(&byte)) {
            node_feed(byte, board_now());
        }

        node_tick(board_now());
        board_sleep();
    }
}
